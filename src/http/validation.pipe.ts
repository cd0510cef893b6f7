/**
 * Gives handlers their parameters as instances of the class they ask for: read, checked by class-validator, and nothing
 * but what the class says. Of Nest's interface, and not Nest's own `ValidationPipe`: that needs class-transformer,
 * which is not kept up (its last release is still 0.5.1). Any other parameter, a body in bytes too, passes as it is.
 */
import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { validateSync, type ValidationError } from 'class-validator';
import { QueryProblem } from '../read-models/query-problem.js';
import { passes } from '../intake/messages/accepts.js';
import { parametersOf, type Refusal } from './dto/parameter.js';

@Injectable()
export class ValidationPipe implements PipeTransform {
  /** Errors: `QueryProblem` with the code that the first refused property names. */
  transform(value: unknown, { metatype }: ArgumentMetadata): unknown {
    const parameters = metatype === undefined ? undefined : parametersOf(metatype);
    if (metatype === undefined || parameters === undefined) return value;
    // Each once and not empty, by `refuseParameters`; of an address, by its pattern.
    const given = value as Readonly<Record<string, string | undefined>>;
    const question = new metatype() as object;
    for (const { name, read } of parameters) {
      const text = given[name];
      if (text !== undefined) Object.assign(question, { [name]: read(text) });
    }
    // Nearly every question passes: class-validator is asked for the words in which others are refused.
    if (passes(metatype, { ...question })) return question;
    const [refused] = validateSync(question, { stopAtFirstError: true, forbidUnknownValues: false });
    if (refused !== undefined) throw problemOf(refused);
    return question;
  }
}

function problemOf({ constraints = {}, contexts = {} }: ValidationError): QueryProblem {
  const [[name, message] = ['', '']] = Object.entries(constraints);
  const { code, hint } = contexts[name] as Refusal;
  return new QueryProblem(code, message, hint);
}
