import "./message-text.css";
import { Fragment, memo, useMemo, type ReactNode } from "react";
import { CodeBlock } from "./CodeBlock.tsx";
import type { Inline } from "./inline.ts";
import { type Block, parseMarkdown } from "./markdown.ts";
import { Mention, type Mentioned } from "./Mention.tsx";
import { Spoiler } from "./Spoiler.tsx";

type MessageTextProps = Mentioned & { text: string };

/** What somebody wrote, with its marks carried out. Made of elements alone: nothing of it is ever read as HTML. */
export const MessageText = memo(function MessageText({ text, mentions, callsAll }: MessageTextProps) {
  const blocks = useMemo(() => parseMarkdown(text), [text]);
  return <Blocks blocks={blocks} mentions={mentions} callsAll={callsAll} />;
});

function Blocks({ blocks, ...mentioned }: Mentioned & { blocks: readonly Block[] }): ReactNode {
  return blocks.map((block, index) => {
    // What stands in a text has no other name than its place.
    const key = index;
    switch (block.type) {
      case "paragraph":
        return (
          <Fragment key={key}>
            <Inlines nodes={block.children} {...mentioned} />
          </Fragment>
        );
      case "code":
        return <CodeBlock key={key} language={block.language} text={block.text} />;
      case "quote":
        return (
          <blockquote key={key} className="text-quote">
            <Blocks blocks={block.blocks} {...mentioned} />
          </blockquote>
        );
      case "list": {
        const List = block.isNumbered ? "ol" : "ul";
        return (
          <List key={key} className="text-list" role="list">
            {block.items.map((item, place) => {
              const itemKey = place;
              return (
                <li
                  key={itemKey}
                  className={`text-item-${item.level}`}
                  {...(block.isNumbered && { value: item.number })}
                >
                  <Inlines nodes={item.children} {...mentioned} />
                </li>
              );
            })}
          </List>
        );
      }
    }
  });
}

function Inlines({ nodes, ...mentioned }: Mentioned & { nodes: readonly Inline[] }): ReactNode {
  return nodes.map((node, index) => {
    const key = index;
    const within = "children" in node && <Inlines nodes={node.children} {...mentioned} />;
    switch (node.type) {
      case "text":
        return <Fragment key={key}>{node.text}</Fragment>;
      case "code":
        return <code key={key}>{node.text}</code>;
      case "strong":
        return <strong key={key}>{within}</strong>;
      case "stressed":
        return <em key={key}>{within}</em>;
      case "struck":
        return <del key={key}>{within}</del>;
      case "hidden":
        return (
          <Spoiler key={key} text={textOf(node.children)}>
            {within}
          </Spoiler>
        );
      case "mention":
        return <Mention key={key} name={node.name} {...mentioned} />;
      case "link":
        return (
          <a key={key} href={node.href} target="_blank" rel="noopener noreferrer">
            {within}
          </a>
        );
    }
  });
}

function textOf(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (node.type === "mention") return `@${node.name}`;
      return "children" in node ? textOf(node.children) : node.text;
    })
    .join("");
}
