import { Fragment, type ReactNode, useMemo } from "react";
import { cn } from "@/kit/cn";
import { type Token, tokensOf } from "./formatting";

function show(token: Token, key: number): ReactNode {
  switch (token.kind) {
    case "text":
      return <Fragment key={key}>{token.text}</Fragment>;
    case "bold":
      return <strong key={key}>{token.children.map(show)}</strong>;
    case "italic":
      return <em key={key}>{token.children.map(show)}</em>;
    case "strike":
      return <s key={key}>{token.children.map(show)}</s>;
    case "code":
      return (
        <code key={key} className="rounded bg-ink/8 px-1 font-mono text-[0.92em]">
          {token.text}
        </code>
      );
    case "link":
      return (
        <a
          key={key}
          href={token.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="break-all underline decoration-ink-3 underline-offset-2 hover:decoration-ink"
        >
          {token.text}
        </a>
      );
  }
}

/** A message's words in their own direction, with the messenger's marks shown as it shows them. */
export function MessageText({ text, className }: { text: string; className?: string }) {
  const tokens = useMemo(() => tokensOf(text), [text]);
  return (
    <div dir="auto" className={cn("whitespace-pre-wrap [overflow-wrap:anywhere]", className)}>
      {tokens.map(show)}
    </div>
  );
}
