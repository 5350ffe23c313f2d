/** Files that tell of a place's machine, fetched when somebody first reads a file there. */
import type { Lab } from '../../sim/lab/index.ts';
import type { Place } from '../tool.ts';
import { procFiles } from './hardware.ts';
import { spaceAt } from './space.ts';
import { releaseOf } from './sysctl.ts';

export const hardwareFiles = (place: Place, lab: Lab): Readonly<Record<string, () => string>> =>
	procFiles(lab, () => {
		const space = spaceAt(place, lab);
		return space ? releaseOf(space) : '';
	});
