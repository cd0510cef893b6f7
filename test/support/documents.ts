/** Files as office programs write them, small and made here: archives, DOCX and PDF with Chinese text. */
import { crc32, deflateRawSync, deflateSync } from 'node:zlib';

interface Part {
  readonly name: string;
  readonly data: Buffer;
  /** What the archive says the part unpacks to, where it lies. */
  readonly claimed?: number;
}

/** A ZIP archive with these parts, deflated. */
export function archiveOf(parts: readonly Part[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, data, claimed = data.length } of parts) {
    const packed = deflateRawSync(data, { level: 9 });
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    const fields = Buffer.alloc(22);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(claimed, 18);
    fields.copy(head, 4);
    head.writeUInt16LE(Buffer.byteLength(name), 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 4);
    fields.copy(entry, 6);
    entry.writeUInt16LE(Buffer.byteLength(name), 28);
    entry.writeUInt32LE(offset, 42);
    local.push(head, Buffer.from(name), packed);
    central.push(entry, Buffer.from(name));
    offset += head.length + Buffer.byteLength(name) + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
/** A paragraph in two runs, as an editor leaves it. */
const paragraph = (text: string): string => {
  const half = Math.ceil(text.length / 2);
  const runs = [text.slice(0, half), text.slice(half)].map((part) => `<w:r><w:t xml:space="preserve">${escaped(part)}</w:t></w:r>`);
  return `<w:p>${runs.join('')}</w:p>`;
};

export function wordXml(lines: readonly string[], rows: readonly (readonly string[])[] = []): string {
  const table = rows.map((cells) => `<w:tr>${cells.map((cell) => `<w:tc>${paragraph(cell)}</w:tc>`).join('')}</w:tr>`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${lines
    .map(paragraph)
    .join('')}<w:tbl>${table}</w:tbl></w:body></w:document>`;
}

export function docxOf(xml: string, more: readonly Part[] = []): Buffer {
  return archiveOf([
    { name: '[Content_Types].xml', data: Buffer.from('<Types/>') },
    { name: 'word/document.xml', data: Buffer.from(xml) },
    ...more,
  ]);
}

const hex = (text: string): string => [...text].map((character) => (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')).join('');

/** A page of lines. Its codes are those of Unicode, with the map that says so: what makes its text copyable. */
export function pdfOf(lines: readonly string[], { picture = false } = {}): Buffer {
  const letters = [...new Set(lines.join(''))];
  const map = [
    '/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def',
    '1 begincodespacerange <0000> <ffff> endcodespacerange',
    ...letters.map((letter) => `1 beginbfchar <${hex(letter)}> <${hex(letter)}> endbfchar`),
    'endcmap end end',
  ].join('\n');
  const content = lines.map((line, at) => `BT /F1 10 Tf 40 ${800 - 16 * at} Td <${hex(line)}> Tj ET`).join('\n');
  return pdfWith([
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1200 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>',
    streamOf(Buffer.from(content)),
    '<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>',
    '<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 >>',
    streamOf(Buffer.from(map)),
    ...(picture ? [PICTURE] : []),
  ]);
}

/** One black dot. Nothing draws it: what a scan is told by is that it is there. */
const PICTURE = Buffer.from(
  '<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\nstream\n\0\nendstream',
);

/** A PDF whose page shows a stream that unpacks to so many bytes. */
export function pdfBomb(bytes: number): Buffer {
  // Packed twice: a page of it is a few kilobytes.
  const blanks = deflateSync(Buffer.alloc(bytes, 0x20), { level: 9 });
  return pdfWith([
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R >>',
    streamOf(deflateSync(blanks), '[/FlateDecode /FlateDecode]', true),
  ]);
}

function streamOf(data: Buffer, filter = '/FlateDecode', packed = false): Buffer {
  const body = packed ? data : deflateSync(data);
  return Buffer.concat([Buffer.from(`<< /Length ${body.length} /Filter ${filter} >>\nstream\n`), body, Buffer.from('\nendstream')]);
}

/** Objects from the page on, which is the third. */
function pdfWith(objects: readonly (string | Buffer)[]): Buffer {
  const all = ['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>', ...objects];
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  for (const [at, object] of all.entries()) {
    const part = Buffer.concat([Buffer.from(`${at + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n')]);
    offsets.push(length);
    parts.push(part);
    length += part.length;
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const table = `xref\n0 ${all.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${all.length + 1} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF`;
  return Buffer.concat([...parts, Buffer.from(table)]);
}
