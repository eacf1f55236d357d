import "./splash.css";
import { useWords } from "../bindings/language.tsx";
import { Mark } from "../ui/Mark.tsx";

/** While it is not known yet who is looking. */
export function Splash() {
  const words = useWords();
  return (
    <main className="splash" aria-busy="true" aria-label={words.loading}>
      <Mark />
    </main>
  );
}
