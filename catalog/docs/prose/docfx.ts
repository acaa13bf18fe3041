/**
 * What docfx, the tool that makes the site, adds to Markdown within a paragraph: pictures, includes, words that are not
 * translated, columns of a layout.
 *
 * In: the source of a paragraph. Out: the same in plain Markdown. A picture is an image with its text; what an include
 * brings stands in another file, and what only lays out (`[!div class="checklist"]`, columns) is nothing. Every pattern is
 * bounded, so time is linear.
 */

/** Notes, which stand in quotations (`html.ts`) but for those whose author forgot the `>`. */
const forgotten = /^\s*\[!(NOTE|TIP|IMPORTANT|CAUTION|WARNING)\]\s*/i;

export function withoutDocfx(source: string): string {
  if (!source.includes(':::') && !source.includes('[!')) return source;
  return source
    .replace(
      /:::\s*([a-z-]{1,20})([^:]{0,2000}?(?::(?!::)[^:]{0,500}?){0,20}):::/gi,
      (_all, name: string, rest: string) => {
        switch (name.toLowerCase()) {
          case 'image':
            return imageOf(attributeOf(rest, 'alt-text'));
          case 'no-loc':
            return attributeOf(rest, 'text');
          default:
            return '';
        }
      },
    )
    .replace(/\[!include\s*\[[^\]\n]{0,300}\]\([^)\n]{0,500}\)\]/gi, '')
    .replace(/\[!video\s+(?:(https:[^\]\s]{1,500})|[^\]\n]{0,500})\]/gi, (_all, address?: string) => address ?? '')
    .replace(/\[!div\s[^\]\n]{0,300}\]/gi, '')
    .replace(forgotten, (_all, word: string) => `**${word.charAt(0).toUpperCase()}${word.slice(1).toLowerCase()}** `);
}

function attributeOf(attributes: string, name: string): string {
  const found = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(attributes);
  return (found?.[1] ?? found?.[2] ?? '').replace(/\s+/g, ' ').trim();
}

function imageOf(text: string): string {
  return text === '' ? '' : `![${text.replace(/[[\]]/g, '')}](image)`;
}
