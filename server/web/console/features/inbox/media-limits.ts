import type { MediaKind } from "@/shared/api/types";

const MB = 1_000_000;
const RULES: { kind: MediaKind; limit: number; types: RegExp }[] = [
  { kind: "image", limit: 5 * MB, types: /^image\/(jpeg|png)$/ },
  { kind: "video", limit: 16 * MB, types: /^video\/(mp4|3gpp)$/ },
  { kind: "audio", limit: 16 * MB, types: /^audio\/(aac|amr|mpeg|mp4|ogg)$/ },
  {
    kind: "document",
    limit: 100 * MB,
    types:
      /^(application\/(pdf|msword|vnd\.ms-(excel|powerpoint)|vnd\.openxmlformats-officedocument\..+)|text\/(plain|csv))$/,
  },
];

export const ACCEPTED =
  "image/jpeg,image/png,video/mp4,video/3gpp,audio/aac,audio/amr,audio/mpeg,audio/mp4,audio/ogg,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.txt,.csv";

export type FileCheck =
  | { ok: true; kind: MediaKind }
  | { ok: false; problem: "type" }
  | { ok: false; problem: "size"; kind: MediaKind; limit: number };

/** What the messenger takes, checked before anything is uploaded. */
export function checkFile(file: { type: string; size: number }): FileCheck {
  const type = file.type.split(";")[0]?.trim().toLowerCase() ?? "";
  const rule = RULES.find(({ types }) => types.test(type));
  if (!rule) return { ok: false, problem: "type" };
  if (file.size > rule.limit) return { ok: false, problem: "size", kind: rule.kind, limit: rule.limit };
  return { ok: true, kind: rule.kind };
}
