/** A reader of JSON Schema that others wrote, as a sender has one: formats are meant, nothing is guessed. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

export type SchemaProblem = Pick<ErrorObject, 'keyword' | 'instancePath' | 'schemaPath' | 'params'>;

export function schemaReader(): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false, verbose: false });
  formats.default(ajv);
  return ajv;
}

/** What a schema says against a value. */
export function problemsOf(validate: ValidateFunction, value: unknown): SchemaProblem[] {
  return validate(value) ? [] : (validate.errors ?? []);
}
