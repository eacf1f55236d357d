/** The emoji that are offered first to react with. */
export const quickEmoji = ["👍", "❤️", "😂", "😮", "😢", "🙏"] as const;
