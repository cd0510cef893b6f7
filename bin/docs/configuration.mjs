// Every environment variable.
import { VARIABLES } from '../../dist/config/variables.js';
import { code, table } from './markdown.mjs';

export function configurationParts() {
  const rows = VARIABLES.map(({ name, default: otherwise, meaning, secret, file }) => [
    code(name) + (file ? `, ${code(`${name}_FILE`)}` : ''),
    otherwise === null ? 'not set' : code(otherwise),
    meaning + (secret ? ' *secret*' : ''),
  ]);
  return [['configuration', table(['variable', 'default', 'meaning'], rows)]];
}
