import { useState } from "react";
import { Segmented } from "../segmented";
import { ActionsStory, FieldsStory, MarksStory, OverlaysStory } from "./stories-basic";
import { BarsStory, ListsStory, PhoneStory, StatesStory } from "./stories-data";
import { Toggle } from "./toggle";

const STORIES = {
  Actions: ActionsStory,
  Fields: FieldsStory,
  Marks: MarksStory,
  Overlays: OverlaysStory,
  States: StatesStory,
  Bars: BarsStory,
  Lists: ListsStory,
  Phone: PhoneStory,
};

/** Every component of the kit on one page, for builders and for photographs. Words here are not translated. */
export default function Gallery() {
  const root = document.documentElement;
  const [dark, setDark] = useState(root.classList.contains("dark"));
  const [rtl, setRtl] = useState(root.dir === "rtl");
  return (
    <div className="h-full overflow-y-auto">
      <main className="mx-auto grid max-w-6xl gap-6 p-6">
        <header className="flex flex-wrap items-center gap-4">
          <h1 className="flex-1 text-display font-bold">Kit</h1>
          <Segmented
            label="Theme"
            value={dark ? "dark" : "light"}
            onValueChange={(value) => {
              root.classList.toggle("dark", value === "dark");
              setDark(value === "dark");
            }}
            options={[
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
            ]}
          />
          <Toggle
            label="Right to left"
            on={rtl}
            onChange={(on) => {
              root.dir = on ? "rtl" : "ltr";
              setRtl(on);
            }}
          />
        </header>
        {Object.entries(STORIES).map(([name, Story]) => (
          <section
            key={name}
            aria-labelledby={`story-${name}`}
            className="rounded-2xl border border-line bg-surface p-5"
          >
            <h2 id={`story-${name}`} className="mb-4 text-head font-bold">
              {name}
            </h2>
            <Story />
          </section>
        ))}
      </main>
    </div>
  );
}
