/** What the forms of report years 2014 to 2018 have in common: they print the answers of the text of 2008. */
import type { ResultNote } from '../form.js';

/** Granted and partly granted keep their rows; every other answer under the text of 2019 has none. */
export const NO_ROW: ResultNote = {
  rule: 'no-row-for-result',
  severity: 'warning',
  select: { measure: 'application.replied', where: { law: ['2019'], outcome: ['refused', 'unavailable', 'not-processed', 'otherwise'] } },
  names: 'cases',
  message: '按2019年条例作出的答复, 本表无对应栏目 (answers under the text of 2019 that no row of this form takes)',
};
