"""Usernames that nobody takes: they would pass for the server, its keepers, or another word."""

RESERVED_USERNAMES = frozenset(
    {
        *("about", "abuse", "account", "accounts", "admin", "administrator", "all", "anonymous"),
        *("api", "auth", "bot", "channel", "channels", "chat", "chats", "contact", "deleted"),
        *("everyone", "help", "here", "hostmaster", "info", "invite", "login", "logout", "mail"),
        *("me", "mention", "mod", "moderator", "news", "no-reply", "noreply", "nobody", "null"),
        *("official", "owner", "postmaster", "privacy", "register", "root", "room", "rooms"),
        *("security", "settings", "signin", "signup", "socket", "staff", "status", "support"),
        *("system", "team", "tertulia", "undefined", "user", "users", "voice", "webmaster"),
        *("ws", "www", "you"),
    }
)
