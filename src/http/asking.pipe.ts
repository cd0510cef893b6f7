/** A body that says who asks for sealed texts, and why: from bytes, as they came. */
import { Injectable, type PipeTransform } from '@nestjs/common';
import { readAsking, type AskingWords } from '../privacy/asking.js';

@Injectable()
export class AskingPipe implements PipeTransform<Buffer | undefined, AskingWords> {
  /** Errors: `bad-parameter`. */
  transform(body: Buffer | undefined): AskingWords {
    return readAsking(body ?? Buffer.alloc(0));
  }
}
