/** A page as a parser of HTML sees it: its elements without its texts, and its texts with what stands beside them. */
import { DomUtils, ElementType, parseDocument } from 'htmlparser2';

type Document = ReturnType<typeof parseDocument>;
type AnyNode = Document['children'][number];

type Element = Extract<AnyNode, { readonly attribs: unknown }>;

const { findAll, getElementsByTagName, textContent } = DomUtils;
const isTag = (node: AnyNode): node is Element => 'attribs' in node;

export const parsed = (html: string): Document => parseDocument(html);

/** Names of elements in their order, each with the names of its attributes and its class. */
export function structureOf(html: string): string {
  const say = (node: AnyNode): string => {
    if (!isTag(node)) return '';
    const names = Object.keys(node.attribs).sort().join(' ');
    return `<${node.name} ${names} ${node.attribs['class'] ?? ''}>${node.children.map(say).join('')}</>`;
  };
  return parsed(html).children.map(say).join('\n');
}

/** Where its links lead, in their order; what is on the page itself, and other languages and files, left out. */
export function linksIn(html: string): string[] {
  return getElementsByTagName('a', parsed(html), true)
    .map(({ attribs }) => attribs['href'] ?? '')
    .filter((href) => href.startsWith('/') && !href.includes('lang='));
}

/** A file of the build, and nothing in it. */
function isOwnScript({ name, attribs, children }: Element): boolean {
  const { type, src, ...others } = attribs;
  const own = type === 'module' && /^\/assets\/[a-z]+-[0-9a-f]{16}\.js$/.test(src ?? '');
  return name === 'script' && own && Object.keys(others).length === 0 && children.length === 0;
}

/** What a page must not have, whoever wrote its texts. */
export function activeIn(html: string): string[] {
  return findAll((element) => !isOwnScript(element), parsed(html).children).flatMap(({ name, attribs }) => [
    ...(['script', 'iframe', 'object', 'embed', 'style', 'base'].includes(name) ? [name] : []),
    ...Object.entries(attribs).flatMap(([attribute, value]) =>
      /^(on|style$|srcdoc$)/i.test(attribute) || /^\s*(javascript|data|vbscript):/i.test(value) ? [`${name} ${attribute}`] : [],
    ),
  ]);
}

/** Elements beside which the direction of their texts has no effect: those that isolate, and blocks. */
const ALONE = new Set([
  'bdi',
  'td',
  'th',
  'p',
  'li',
  'h1',
  'h2',
  'h3',
  'dt',
  'dd',
  'div',
  'option',
  'title',
  'caption',
  'pre',
  'textarea',
  'strong',
]);

/** Texts that end with this mark and do not stand alone: other words would be turned around by them. */
export function besideOthers(html: string, mark: string): string[] {
  const wrong: string[] = [];
  const look = (node: AnyNode, alone: AnyNode | null): void => {
    if (node.type === ElementType.Text && node.data.includes(mark)) {
      const all = (alone === null ? '' : textContent(alone)).trim();
      const isWhole = /^\/?k\d/.test(all) && all.indexOf(mark) === all.length - mark.length;
      if (all !== node.data.trim() || !isWhole) wrong.push(`${alone !== null && isTag(alone) ? alone.name : '?'}: ${all}`);
    }
    // The title is in no page.
    if (isTag(node) && node.name !== 'title') for (const inner of node.children) look(inner, ALONE.has(node.name) ? node : alone);
  };
  for (const node of parsed(html).children) look(node, null);
  return wrong;
}
