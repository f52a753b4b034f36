import { createFileRoute, notFound } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

// Every component of the kit on one page, for those who build the console. Released builds leave it out.
const Gallery =
  import.meta.env.DEV || import.meta.env.VITE_KIT ? lazy(() => import("@/kit/gallery/gallery")) : null;

function KitPage() {
  return Gallery ? (
    <Suspense>
      <Gallery />
    </Suspense>
  ) : null;
}

export const Route = createFileRoute("/kit")({
  beforeLoad: () => {
    if (!import.meta.env.DEV && !import.meta.env.VITE_KIT) throw notFound();
  },
  component: KitPage,
});
