/** A parameter that is a yes or a no, and nothing else. */
import { IsBoolean, IsOptional } from 'class-validator';
import { Parameter, refusedAs } from './parameter.js';

export const YesOrNo =
  (description: string): PropertyDecorator =>
  (target, property) => {
    const name = String(property);
    const read = (text: string): unknown => (text === 'true' || text === 'false' ? text === 'true' : text);
    Parameter({ type: 'boolean', description }, read)(target, property);
    IsOptional()(target, property);
    const said = (value: unknown): string => `${name} is true or false, not "${String(value)}".`;
    IsBoolean(refusedAs(said, { code: 'bad-parameter', hint: `Write ${name}=true, or leave it out.` }))(target, property);
  };
