import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it, vi } from "vitest";
import { DataTable } from "./data-table";
import type { Column } from "./table-columns";

type Person = { id: string; name: string };
const people: Person[] = Array.from({ length: 300 }, (_, n) => ({ id: `p${n}`, name: `Person ${n}` }));
const columns: Column<Person>[] = [{ id: "name", header: "Name", width: 100, cell: (person) => person.name }];

function Table({
  onOpen = () => undefined,
  onChange,
}: {
  onOpen?: (person: Person) => void;
  onChange?: (ids: Set<string>) => void;
}) {
  const [selected, setSelected] = useState(new Set<string>());
  return (
    <DataTable
      label="People"
      columns={columns}
      rows={people}
      getRowId={(person) => person.id}
      onOpen={onOpen}
      selected={selected}
      onSelectedChange={(ids) => {
        setSelected(ids);
        onChange?.(ids);
      }}
    />
  );
}

it("shows only the rows in view of a long list", () => {
  render(<Table />);
  const table = screen.getByRole("table", { name: "People" });
  expect(table).toHaveAttribute("aria-rowcount", "301");
  expect(within(table).getAllByRole("row").length).toBeLessThan(60);
});

it("is worked by keyboard: down, open, select, select a range", async () => {
  const onOpen = vi.fn();
  const onChange = vi.fn();
  render(<Table onOpen={onOpen} onChange={onChange} />);
  screen.getByRole("row", { name: /Person 0/ }).focus();
  await userEvent.keyboard("j");
  await waitFor(() => expect(screen.getByRole("row", { name: /Person 1$/ })).toHaveFocus());
  await userEvent.keyboard("{Enter}");
  expect(onOpen).toHaveBeenCalledWith(people[1]);
  await userEvent.keyboard("x");
  await userEvent.keyboard("{ArrowDown}");
  await waitFor(() => expect(screen.getByRole("row", { name: /Person 2$/ })).toHaveFocus());
  await userEvent.keyboard("{ArrowDown}");
  await waitFor(() => expect(screen.getByRole("row", { name: /Person 3$/ })).toHaveFocus());
  await userEvent.keyboard("{Shift>}x{/Shift}");
  expect(onChange).toHaveBeenLastCalledWith(new Set(["p1", "p2", "p3"]));
});

it("ticking a row does not open it", async () => {
  const onOpen = vi.fn();
  const onChange = vi.fn();
  render(<Table onOpen={onOpen} onChange={onChange} />);
  await userEvent.click(within(screen.getByRole("row", { name: /Person 0/ })).getByRole("checkbox"));
  expect(onChange).toHaveBeenLastCalledWith(new Set(["p0"]));
  expect(onOpen).not.toHaveBeenCalled();
});

it("an empty list says what it is for", () => {
  render(
    <DataTable
      label="People"
      columns={columns}
      rows={[]}
      getRowId={(person) => person.id}
      empty={<p>Nobody yet</p>}
    />,
  );
  expect(screen.getByText("Nobody yet")).toBeInTheDocument();
});
