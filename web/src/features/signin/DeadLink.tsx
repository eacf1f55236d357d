import { Unlink } from "lucide-react";
import type { ReactNode } from "react";
import { AuthFrame } from "./AuthFrame.tsx";

type DeadLinkProps = { title: string; text: string; children: ReactNode; footer?: ReactNode };

/** A mail's link that leads nowhere any more; `children` is the way on. */
export function DeadLink({ title, text, children, footer }: DeadLinkProps) {
  return (
    <AuthFrame sign={<Unlink />} title={title} lead={text} footer={footer}>
      {children}
    </AuthFrame>
  );
}
