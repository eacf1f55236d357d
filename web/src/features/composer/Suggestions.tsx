import { AtSign } from "lucide-react";
import { useWords } from "../../bindings/language.tsx";
import { Avatar } from "../../ui/Avatar.tsx";
import type { Suggestion } from "./useSuggestions.ts";

type SuggestionsProps = {
  id: string;
  suggestions: readonly Suggestion[];
  active: number;
  onChoose: (suggestion: Suggestion) => void;
};

/** What the name that is being typed may become, over the field; the field keeps the focus and has the keys. */
export function Suggestions({ id, suggestions, active, onChoose }: SuggestionsProps) {
  const words = useWords();
  return (
    <div id={id} className="suggestions" role="listbox" aria-label={words.composing.suggestions}>
      {suggestions.map((suggestion, index) => (
        <div
          key={suggestion.insert}
          id={`${id}-${index}`}
          ref={(row) => {
            if (index === active) row?.scrollIntoView({ block: "nearest" });
          }}
          className="suggestion"
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(suggestion)}
          onKeyDown={(event) => event.key === "Enter" && onChoose(suggestion)}
        >
          {suggestion.type === "emoji" && <span className="suggestion-emoji">{suggestion.insert}</span>}
          {suggestion.type === "everyone" && (
            <span className="suggestion-emoji">
              <AtSign />
            </span>
          )}
          {suggestion.type === "person" && (
            <Avatar id={suggestion.id} name={suggestion.name} picture={suggestion.picture} size="small" />
          )}
          <span className="suggestion-name">{suggestion.name}</span>
          {suggestion.type !== "emoji" && <span className="suggestion-detail">{suggestion.insert}</span>}
        </div>
      ))}
    </div>
  );
}
