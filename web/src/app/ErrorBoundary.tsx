import { TriangleAlert } from "lucide-react";
import { Component, type ReactNode } from "react";
import type { Words } from "../words/english.ts";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";

type ErrorBoundaryProps = {
  words: Words["crash"];
  children: ReactNode;
};

/** Where drawing fails, says so, and offers the way on; the browser's console has the rest. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    const { title, text, reload } = this.props.words;
    return (
      <EmptyState icon={<TriangleAlert />} title={title} text={text}>
        <Button tone="accent" onClick={() => location.reload()}>
          {reload}
        </Button>
      </EmptyState>
    );
  }
}
