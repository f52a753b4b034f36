import type { Template, TemplateComponent, TemplateVariable } from "../api/types-outreach";

export type Values = Record<string, string>;
export type TemplateParts = {
  header: string | null;
  /** A picture, film or document in place of a header text. */
  headerKind: string | null;
  body: string;
  footer: string | null;
  buttons: string[];
};

const component = (template: Template, type: string): TemplateComponent | undefined =>
  template.components.find((each) => each.type.toUpperCase() === type);

/** A variable's value may be kept under "body.1" or, for the body, under "1". */
export function valueFor(
  variable: Pick<TemplateVariable, "key" | "name" | "component">,
  values: Values,
): string {
  return values[variable.key] ?? (variable.component === "body" ? values[variable.name] : undefined) ?? "";
}

/** A text of the template with its values; what has none shows its sample or its number in brackets. */
function fill(text: string, part: TemplateVariable["component"], template: Template, values: Values): string {
  return text.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_, name: string) => {
    const variable = template.variables.find((each) => each.component === part && each.name === name);
    const value = valueFor(variable ?? { key: `${part}.${name}`, name, component: part }, values);
    return value || `[${variable?.sample ?? name}]`;
  });
}

/** The template as the person will read it. */
export function partsOf(template: Template, values: Values): TemplateParts {
  const header = component(template, "HEADER");
  const isText = !header?.format || header.format.toUpperCase() === "TEXT";
  return {
    header: header?.text && isText ? fill(header.text, "header", template, values) : null,
    headerKind: header?.format && !isText ? header.format.toLowerCase() : null,
    body: fill(component(template, "BODY")?.text ?? "", "body", template, values),
    footer: component(template, "FOOTER")?.text ?? null,
    buttons: component(template, "BUTTONS")?.buttons?.map((button) => button.text) ?? [],
  };
}

export const bodyOf = (template: Template): string => component(template, "BODY")?.text ?? "";

/** Variables whose value is still missing. */
export function missingOf(template: Template, values: Values): TemplateVariable[] {
  return template.variables.filter((variable) => valueFor(variable, values).trim() === "");
}

/** Whether a variable most likely stands for the person's name: by its name, or as the word after a greeting. */
export function isNameVariable(template: Template, variable: TemplateVariable): boolean {
  if (variable.component !== "body") return false;
  if (/name|nome|nombre|nom\b|vorname/i.test(variable.name)) return true;
  const start = bodyOf(template).split(`{{${variable.name}}}`)[0] ?? "";
  return (
    bodyOf(template).includes(`{{${variable.name}}}`) && /^[^\n]{0,24}$/.test(start) && !start.includes("{{")
  );
}
