"""`tertulia` whose nodes are taken to be dead sooner, since no test waits for a minute."""

from datetime import timedelta

from tertulia.cli import main
from tertulia.core import post, presence, scheduling, visitors

presence.TTL_S, presence.RENEW_S = 2.0, 0.5
visitors.TTL_S, visitors.RENEW_S = 2.0, 0.5
post.CLAIM = scheduling.CLAIM = timedelta(seconds=10)

if __name__ == "__main__":
    main()
