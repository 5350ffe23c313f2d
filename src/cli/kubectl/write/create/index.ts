/** `kubectl create KIND`. */
import type { Command } from '../../../cobra/index.ts';

export const createKinds: readonly Command[] = [];
