import { useState } from "react";
import { Banner } from "../banner";
import { Button } from "../button";
import { Chip } from "../chip";
import { DataTable } from "../data-table";
import { EmptyState } from "../empty-state";
import { ErrorNote, ErrorState } from "../error-state";
import { ForbiddenState } from "../forbidden-state";
import { PhoneBubble, PhoneFrame } from "../phone-frame";
import { Meter, PartsBar } from "../progress";
import { CardSkeleton, ListSkeleton } from "../skeleton";
import type { Column } from "../table-columns";
import { TabPanel, Tabs } from "../tabs";
import { VirtualList } from "../virtual-list";

const ERROR = {
  message: "The server cannot be reached. Check your connection and try again.",
  code: "NETWORK",
  requestId: "req_01jd7",
};

export function StatesStory() {
  return (
    <div className="grid gap-4">
      <Banner tone="warn">Not connected since 10:42. What you write is kept.</Banner>
      <Banner tone="bad">Lumen Bakery is disconnected.</Banner>
      <div className="grid gap-4 md:grid-cols-2">
        <EmptyState
          title="No conversations yet"
          text="Messages from customers arrive here."
          action={<Button variant="primary">Connect a channel</Button>}
        />
        <ErrorState error={ERROR} onRetry={() => undefined} />
        <ForbiddenState area="Campaigns" />
        <div className="grid content-start gap-4">
          <ErrorNote error={ERROR} />
          <ListSkeleton count={2} label="Loading" />
          <CardSkeleton count={1} label="Loading" />
        </div>
      </div>
    </div>
  );
}

export function BarsStory() {
  const [tab, setTab] = useState("sent");
  return (
    <div className="grid gap-5">
      <Meter value={120} max={200} label="Progress" text="120 of 200" />
      <PartsBar
        label="Delivery"
        format={String}
        parts={[
          { key: "read", value: 41, label: "Read", colour: "c1" },
          { key: "delivered", value: 55, label: "Delivered", colour: "c3" },
          { key: "sent", value: 16, label: "Sent", colour: "c4" },
          { key: "failed", value: 8, label: "Failed", colour: "bad" },
          { key: "queued", value: 80, label: "Waiting", colour: "queued" },
        ]}
      />
      <Tabs
        label="Recipients"
        value={tab}
        onValueChange={setTab}
        tabs={[
          { value: "sent", label: "Sent", count: 112 },
          { value: "failed", label: "Failed", count: 8 },
        ]}
      >
        <TabPanel value="sent" className="pt-3">
          112 people got it.
        </TabPanel>
        <TabPanel value="failed" className="pt-3">
          8 people did not.
        </TabPanel>
      </Tabs>
    </div>
  );
}

type Person = { id: string; name: string; phone: string; tags: string };
const PEOPLE: Person[] = Array.from({ length: 2000 }, (_, n) => ({
  id: `p${n}`,
  name: ["Ana Beatriz Lopes", "सत्य नारायण", "سارة العتيبي", "Jonas Weber"][n % 4] ?? "",
  phone: `+55 11 98123 ${1000 + n}`,
  tags: n % 3 === 0 ? "VIP" : "",
}));
const COLUMNS: Column<Person>[] = [
  {
    id: "name",
    header: "Name",
    width: 180,
    cell: (person) => <span className="truncate font-semibold">{person.name}</span>,
  },
  {
    id: "phone",
    header: "Number",
    width: 160,
    cell: (person) => (
      <bdi dir="ltr" className="tabular">
        {person.phone}
      </bdi>
    ),
  },
  {
    id: "tags",
    header: "Tags",
    width: 100,
    wide: true,
    cell: (person) => person.tags && <Chip>{person.tags}</Chip>,
  },
];
const idOf = (person: Person) => person.id;

export function ListsStory() {
  const [selected, setSelected] = useState(new Set(["p1"]));
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <DataTable
        label="People"
        columns={COLUMNS}
        rows={PEOPLE}
        getRowId={idOf}
        onOpen={() => undefined}
        selected={selected}
        onSelectedChange={setSelected}
        className="h-80 rounded-xl border border-line"
      />
      <VirtualList
        label="Messages"
        role="log"
        anchor="end"
        items={PEOPLE}
        getKey={idOf}
        estimate={() => 48}
        gap={8}
        padding={12}
        className="h-80 rounded-xl border border-line bg-canvas"
        renderItem={(person, index) => (
          <div className="px-3">
            <p className="w-fit rounded-bubble bg-raised px-3 py-2 shadow-1" dir="auto">
              {person.name} · {index}
            </p>
          </div>
        )}
      />
    </div>
  );
}

export function PhoneStory() {
  return (
    <PhoneFrame name="Lumen Bakery" label="What the customer sees">
      <PhoneBubble header="Lumen Bakery" footer="Reply STOP to end" buttons={["I am coming"]} time="10:42">
        Hi Ana, your box is ready. Show this to get 10% off.
      </PhoneBubble>
    </PhoneFrame>
  );
}
