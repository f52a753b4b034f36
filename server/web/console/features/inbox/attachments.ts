import { newKey } from "@/shared/api/client";
import { checkFile, type FileCheck } from "./media-limits";

export type Attachment = { id: string; file: File; check: FileCheck };

export const attachmentOf = (file: File): Attachment => ({ id: newKey(), file, check: checkFile(file) });
