/** Questions about the tree: sizes are those of checkpoints. */
import { IsInt, IsOptional } from 'class-validator';
import { Parameter, refusedAs, wholeNumber, type Description } from './parameter.js';

/** A number of entries or of witnesses, exact in a double as far as there are any. */
const Whole =
  (hint: string, description: Description): PropertyDecorator =>
  (target, property) => {
    Parameter(description, wholeNumber(16))(target, property);
    if (description.required !== true) IsOptional()(target, property);
    IsInt(refusedAs(`${String(property)} is no whole number.`, { code: 'bad-parameter', hint }))(target, property);
  };
const SIZES = 'Sizes are those of checkpoints: numbers of entries.';

export class CheckpointParameters {
  @Whole('Give a whole number of witnesses.', { description: 'Instead the last that so many witnesses signed' })
  readonly witnessed?: number;
}

export class ConsistencyParameters {
  @Whole(SIZES, { required: true, description: 'Number of entries of an earlier checkpoint' })
  readonly from!: number;

  @Whole(SIZES, { description: 'default: that of the last checkpoint' })
  readonly to?: number;
}
