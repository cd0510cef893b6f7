/** Reports in every kind of file give their text; what is hostile is refused with a code, and little memory. */
import { DocumentProblem, type DocumentCode } from '../../src/documents/problem.js';
import { readReport } from '../../src/documents/report-text.js';
import { archiveOf, docxOf, pdfBomb, pdfOf, wordXml } from '../support/documents.js';

const LINES = ['一、总体情况', '全年共收到政府信息公开申请143件，按期办结143件。', '无行政复议。'];
const ROW = ['一、本年新收政府信息公开申请数量', '140', '143'];
const MIB = 1024 * 1024;

async function code(bytes: Buffer): Promise<DocumentCode | 'read'> {
  try {
    await readReport(bytes);
    return 'read';
  } catch (error) {
    if (error instanceof DocumentProblem) return error.code;
    throw error;
  }
}

/** How far the process grew while it was refused. */
async function refused(bytes: Buffer): Promise<{ readonly code: DocumentCode | 'read'; readonly grown: number }> {
  const before = process.memoryUsage.rss();
  let most = before;
  const look = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
  const found = await code(bytes);
  clearInterval(look);
  return { code: found, grown: Math.max(most, process.memoryUsage.rss()) - before };
}

test('plain text in UTF-8, UTF-16 and GB 18030', async () => {
  const text = LINES.join('\n');
  expect(await readReport(Buffer.from(text))).toEqual({ kind: 'text', text, rows: LINES.map((line) => [line]) });
  expect((await readReport(Buffer.from(`\ufeff${text}`, 'utf16le'))).text).toBe(text);
  // 公开 in GB 18030.
  expect((await readReport(Buffer.from([0xb9, 0xab, 0xbf, 0xaa]))).text).toBe('公开');
});

test('a page without scripts, its rows with bars', async () => {
  const html = `<!DOCTYPE html><html><head><title>年报</title><script>var a = "收到9件"</script></head><body>
    <h1>${LINES[0]}</h1><p>全年共收到政府信息公开<b>申请</b>143件，按期办结&#49;43件。</p><div>无行政复议。</div>
    <table><tr>${ROW.map((cell) => `<td><p>${cell}</p></td>`).join('')}</tr></table></body></html>`;
  expect(await readReport(Buffer.from(html))).toEqual({
    kind: 'html',
    text: [...LINES, '一、本年新收政府信息公开申请数量 | 140 | 143 |'].join('\n'),
    rows: [ROW],
  });
});

test('a DOCX by its paragraphs and rows', async () => {
  expect(await readReport(docxOf(wordXml(LINES, [ROW])))).toEqual({
    kind: 'docx',
    text: [...LINES, '一、本年新收政府信息公开申请数量 | 140 | 143 |'].join('\n'),
    rows: [ROW],
  });
});

test('a PDF by its lines, full ones joined', async () => {
  const long = '二、本机关全年主动公开政府信息一千二百三十四条，其中通过门户网站公开';
  const { kind, text } = await readReport(pdfOf([...LINES.slice(0, 2), long, '八百条。']));
  expect([kind, text.trim().split('\n')]).toEqual(['pdf', [...LINES.slice(0, 2), `${long}八百条。`]]);
});

test('merged cells keep their columns', async () => {
  const html = `<table><tr><td rowspan="2" colspan="2">结果</td><td>自然人</td></tr><tr><td>1</td></tr></table>
    <table><tr><td>二<table><tr><td>内</td></tr></table></td><td colspan="1000000">3</td></tr></table>`;
  const [first, second, third = []] = (await readReport(Buffer.from(`<body><p>年报</p>${html}`))).rows;
  expect([first, second, third.slice(0, 2)]).toEqual([
    ['结果', '', '自然人'],
    ['', '', '1'],
    ['二内', '3'],
  ]);
  // However many columns a page says it takes.
  expect(third).toHaveLength(101);
  const [merged] = (await readReport(docxOf(wordXml(LINES, [ROW]).replace('<w:tc>', '<w:tc><w:tcPr><w:gridSpan w:val="3"/></w:tcPr>'))))
    .rows;
  expect(merged).toEqual([ROW[0], '', '', ...ROW.slice(1)]);
});

test('rows of plain text by unit and number', async () => {
  const { rows } = await readReport(Buffer.from('(一)收到申请数 件 1,024\n七、费用 | 万元 | 0.2\n全年收到申请3件。'));
  expect(rows).toEqual([['(一)收到申请数', '件', '1,024'], ['七、费用', '万元', '0.2'], ['全年收到申请3件。']]);
});

test('a scan is told from a report', async () => {
  const page = (words: string): Buffer => Buffer.from(`<html><body><p>${words}</p><img src="1.png"><img src="2.png"></body></html>`);
  const drawn = (lines: readonly string[]): Buffer => docxOf(wordXml(lines).replace('<w:p>', '<w:p><w:drawing/>'));
  // A title and a number of a page are no report; a report may show pictures.
  expect(await code(page('某县2023年政府信息公开工作年度报告 1/5'))).toBe('no-text');
  expect(await code(page([...LINES, ...LINES].join('')))).toBe('read');
  expect(await code(drawn(LINES.slice(0, 1)))).toBe('no-text');
  expect(await code(drawn([...LINES, ...LINES]))).toBe('read');
  expect(await code(pdfOf(['某县年报'], { picture: true }))).toBe('no-text');
  expect(await code(pdfOf([...LINES, ...LINES], { picture: true }))).toBe('read');
  for (const empty of [Buffer.from(' \n'), pdfOf(['- 1 -']), docxOf(wordXml(['12']))]) expect(await code(empty)).toBe('no-text');
});

test('what is no report is refused by code', async () => {
  expect(await code(Buffer.from([0, 1, 2, 3]))).toBe('not-a-document');
  expect(await code(Buffer.from('PK\u0003\u0004 and no archive'))).toBe('not-a-document');
  expect(await code(archiveOf([{ name: 'xl/workbook.xml', data: Buffer.from('<workbook/>') }]))).toBe('not-a-document');
  expect(await code(Buffer.from('%PDF-1.7 and no more'))).toBe('not-a-document');
  expect(await code(pdfOf([' ']))).toBe('no-text');
  expect(await code(docxOf(wordXml(LINES), [{ name: 'word/vbaProject.bin', data: Buffer.from('macro') }]))).toBe('unsafe-document');
});

test('entities of a DOCX are not resolved', async () => {
  const declared = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>';
  expect(await code(docxOf(declared + wordXml(LINES)))).toBe('unsafe-document');
  // Also where the declaration is cut by a packet.
  expect(await code(docxOf(`${' '.repeat(65_530)}${declared}${wordXml(LINES)}`))).toBe('unsafe-document');
});

test('a DOCX that unpacks to too much is refused', async () => {
  const bomb = Buffer.alloc(256 * MIB, 0x20);
  const honest = await refused(docxOf('', [{ name: 'word/document.xml', data: bomb }]));
  expect(honest.code).toBe('document-too-large');
  expect(honest.grown).toBeLessThan(64 * MIB);
  // One that lies about it is held to what it says.
  const lying = await refused(docxOf('', [{ name: 'word/document.xml', data: bomb, claimed: 1000 }]));
  expect(lying.code).toBe('not-a-document');
  expect(lying.grown).toBeLessThan(64 * MIB);
  const wordy = wordXml([`${'收到'.repeat(3 * MIB)}`]);
  expect(await code(docxOf(wordy))).toBe('document-too-large');
});

test('a million parts and a million texts are refused', async () => {
  const many = Array.from({ length: 3000 }, (_, at) => ({ name: `word/${at}.xml`, data: Buffer.from('') }));
  expect(await code(docxOf(wordXml(LINES), many))).toBe('document-too-large');
  const texts = `<w:document>${'<w:p><w:r><w:t>公开信息</w:t></w:r></w:p>'.repeat(1_200_000)}</w:document>`;
  const found = await refused(docxOf(texts));
  expect(found.code).toBe('document-too-large');
  expect(found.grown).toBeLessThan(256 * MIB);
});

test('a PDF that unpacks to too much is ended', async () => {
  const found = await refused(pdfBomb(768 * MIB));
  expect(found.code).not.toBe('read');
  expect(found.grown).toBeLessThan(1024 * MIB);
});
