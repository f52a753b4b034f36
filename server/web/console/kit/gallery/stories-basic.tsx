import { Bell, Check, Ellipsis, Send, Trash2 } from "lucide-react";
import { useState } from "react";
import { Avatar, WindowAvatar } from "../avatar";
import { Button, IconButton } from "../button";
import { CheckboxField } from "../checkbox";
import { Chip, CountBadge, type Tone } from "../chip";
import { ConfirmDialog } from "../confirm-dialog";
import { CopyField } from "../copy";
import { Dialog, Drawer } from "../dialog";
import { Field } from "../field";
import { Input, PasswordInput, SearchInput, Textarea } from "../input";
import { Kbd } from "../kbd";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "../menu";
import { Popover } from "../popover";
import { Select } from "../select";
import { toast } from "../toast";
import { Toggle } from "./toggle";

const row = "flex flex-wrap items-center gap-3";

export function ActionsStory() {
  return (
    <div className={row}>
      <Button variant="primary">
        <Send className="flip-rtl size-4" aria-hidden="true" />
        Send
      </Button>
      <Button>Secondary</Button>
      <Button variant="soft">Soft</Button>
      <Button variant="ghost">Ghost</Button>
      <Button variant="danger">Delete</Button>
      <Button variant="danger-quiet">Remove</Button>
      <Button variant="link">A link</Button>
      <Button variant="primary" busy>
        Sending
      </Button>
      <Button reason="Your role may look at campaigns, but not start them.">Not allowed</Button>
      <Button size="sm">Small</Button>
      <Button size="lg" variant="primary">
        Large
      </Button>
      <IconButton label="Notifications">
        <Bell className="size-4.5" />
      </IconButton>
      <Kbd keys="mod+k" />
      <Kbd keys="g i" />
    </div>
  );
}

export function FieldsStory() {
  const [search, setSearch] = useState("Lopes");
  const [choice, setChoice] = useState("open");
  const [on, setOn] = useState(true);
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <Field label="Name" help="Colleagues see it">
        <Input defaultValue="Marina Alves" />
      </Field>
      <Field label="E-mail" error="This is not a complete e-mail address.">
        <Input defaultValue="marina@" dir="ltr" />
      </Field>
      <Field label="Password">
        <PasswordInput defaultValue="a long sentence" />
      </Field>
      <Field label="Status">
        <Select
          value={choice}
          onValueChange={setChoice}
          options={[
            { value: "open", label: "Open" },
            { value: "pending", label: "Pending" },
            { value: "resolved", label: "Resolved" },
          ]}
        />
      </Field>
      <Field label="Message" optional="optional">
        <Textarea defaultValue="Good morning" />
      </Field>
      <div className="grid content-start gap-3">
        <SearchInput label="Search people" value={search} onValueChange={setSearch} />
        <CheckboxField
          label="Only people who agreed"
          help="Others are left out"
          checked={on}
          onCheckedChange={(value) => setOn(value === true)}
        />
        <Toggle label="Sound" on={on} onChange={setOn} />
      </div>
      <CopyField label="Callback address" value="https://desk.lumen.example/api/webhooks/whatsapp" />
    </div>
  );
}

const TONES: Tone[] = ["neutral", "brand", "ok", "warn", "bad", "info", "outline"];
const HOUR = 3_600_000;

export function MarksStory() {
  return (
    <div className="grid gap-4">
      <div className={row}>
        {TONES.map((tone) => (
          <Chip key={tone} tone={tone} icon={tone === "ok" ? <Check /> : undefined}>
            {tone}
          </Chip>
        ))}
        <Chip tone="brand" onRemove={() => toast("Removed")} removeLabel="Remove VIP">
          VIP
        </Chip>
        <CountBadge value={3} label="3 unread" />
        <CountBadge value={128} tone="waiting" label="128 wait for you" />
      </div>
      <div className={row}>
        {[24, 17, 11, 5, 1.5, 0.4, 0].map((hours, index) => (
          <WindowAvatar
            key={hours}
            id={`con_${index}`}
            name={
              ["Ana Lopes", "سارة العتيبي", "अनन्या शर्मा", "Jonas Weber", "Giulia Ferrari", "Diego", null][
                index
              ] ?? null
            }
            leftMs={hours * HOUR}
            windowText={`${hours} hours left`}
          />
        ))}
        <WindowAvatar
          id="con_big"
          name="Ana Beatriz Lopes"
          leftMs={21 * HOUR}
          windowText="21 hours left"
          size={72}
        />
        <Avatar id="usr_1" name="Marina Alves" size={28} />
      </div>
    </div>
  );
}

export function OverlaysStory() {
  const [open, setOpen] = useState<"none" | "dialog" | "drawer" | "confirm">("none");
  const [theme, setTheme] = useState("light");
  const close = () => setOpen("none");
  return (
    <div className={row}>
      <Button onClick={() => setOpen("dialog")}>Open dialog</Button>
      <Button onClick={() => setOpen("drawer")}>Open drawer</Button>
      <Button onClick={() => setOpen("confirm")}>Open confirmation</Button>
      <Menu
        trigger={
          <Button>
            <Ellipsis className="size-4" aria-hidden="true" />
            Open menu
          </Button>
        }
      >
        <MenuItem hint="E">Resolve</MenuItem>
        <MenuItem icon={<Trash2 />} danger>
          Delete
        </MenuItem>
        <MenuSeparator />
        <MenuChoice
          label="Theme"
          value={theme}
          onValueChange={setTheme}
          options={[
            { value: "light", label: "Light" },
            { value: "dark", label: "Dark" },
          ]}
        />
      </Menu>
      <Popover label="Filter" trigger={<Button>Open popover</Button>}>
        <p>Anything may stand here.</p>
      </Popover>
      <Button
        onClick={() =>
          toast("Conversation resolved", { action: { label: "Undo", run: () => toast("Open again") } })
        }
      >
        Show toast
      </Button>
      <Dialog
        open={open === "dialog"}
        onOpenChange={close}
        title="A question"
        description="With one sentence of context."
        footer={
          <Button variant="primary" onClick={close}>
            Done
          </Button>
        }
      >
        <Field label="Name">
          <Input />
        </Field>
      </Dialog>
      <Drawer open={open === "drawer"} onOpenChange={close} title="Contact">
        <p>A panel at the end side.</p>
      </Drawer>
      <ConfirmDialog
        open={open === "confirm"}
        onOpenChange={close}
        title="Disconnect Lumen?"
        description="Sending and receiving stop at once."
        action="Disconnect"
        typed="Lumen"
        onConfirm={close}
      />
    </div>
  );
}
