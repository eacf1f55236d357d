import "./toast.css";
import { useToasts } from "./toasts.ts";

/** Where toasts appear; stands once in the page. */
export function ToastArea() {
  const shown = useToasts((toasts) => toasts.shown);
  return (
    <div className="toast-area" role="status" aria-live="polite">
      {shown.map((toast) => (
        <p key={toast.id} className="toast">
          {toast.text}
        </p>
      ))}
    </div>
  );
}
