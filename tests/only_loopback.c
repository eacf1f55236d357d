/* Has a program find the loopback interface alone, and take it for one that leads somewhere.
 *
 * Janus and libnice pass over loopback addresses when they look for ways by which they can be
 * reached, and have no setting for it. Loaded before the C library (LD_PRELOAD), this keeps what
 * the tests start from being reachable from outside. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stddef.h>

int getifaddrs(struct ifaddrs **found)
{
    int (*all_of_them)(struct ifaddrs **) = dlsym(RTLD_NEXT, "getifaddrs");
    int outcome = all_of_them(found);

    for (struct ifaddrs *each = outcome == 0 ? *found : NULL; each != NULL; each = each->ifa_next) {
        if (each->ifa_flags & IFF_LOOPBACK)
            each->ifa_flags &= ~IFF_LOOPBACK;
        else
            each->ifa_addr = NULL;
    }
    return outcome;
}
