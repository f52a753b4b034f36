import type { Permission } from "../api/types";
import { useMaybeSession } from "../session/session";

/** Whether the signed-in person has a right. The server decides anyway; this only shows or explains. */
export function useCan(permission: Permission): boolean {
  return useMaybeSession()?.permissions.includes(permission) ?? false;
}

export function useCanAny(permissions: Permission[]): boolean {
  const own = useMaybeSession()?.permissions ?? [];
  return permissions.some((permission) => own.includes(permission));
}
