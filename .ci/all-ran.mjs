// Fails when a file in test/ named as a test is missing from jest's report, or when nothing ran.
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const ran = new Set(report.testResults.filter(({ assertionResults }) => assertionResults.length > 0).map(({ name }) => name));
const named = readdirSync('test', { recursive: true })
  .filter((name) => /\.(test|spec)\.[cm]?[jt]sx?$/.test(name))
  .map((name) => resolve('test', name));
const missing = named.filter((name) => !ran.has(name));
for (const name of missing) console.error(`did not run: ${name}`);
console.log(`Tests: ${report.numPassedTests} passed, ${report.numFailedTests} failed`);
if (missing.length > 0 || report.numPassedTests === 0) process.exit(1);
