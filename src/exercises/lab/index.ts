export { labOf, openBench, setUp } from './bench.ts';
export { CHECK_WAITS, gradeQuiz, gradeTask, gradeWrite, readYaml } from './grade.ts';
export type * from './types.ts';
