/** Programs and files that tell of the machine, fetched when somebody asks. */
import { later } from '../later.ts';
import type { Surroundings } from '../shell/index.ts';
import type { Tool } from '../tool.ts';
import { hasTool, isBusybox } from './images.ts';

const load = () => import('./hardware-tools.ts');
let code: typeof import('./hardware-files.ts') | undefined;

const base = hasTool('uname');
const procps = hasTool('sysctl');
const gnu: Tool['at'] = (place, lab) => base(place, lab) && !isBusybox('uname', place, lab);

/** Where each of them is installed. */
const WHERE: Readonly<Record<string, Tool['at']>> = {
	arch: base,
	df: base,
	dmesg: base,
	free: procps,
	getconf: gnu,
	lsblk: gnu,
	lscpu: gnu,
	man: ({ kind }) => kind === 'laptop',
	mount: base,
	nproc: base,
	top: hasTool('top'),
	tty: base,
	uptime: procps,
	users: gnu,
	w: (place, lab) => procps(place, lab) && gnu(place, lab),
	who: gnu,
};

export const hardwareTools = (): readonly Tool[] =>
	Object.entries(WHERE).map(([name, at]) => later({ name, at }, load));

export const hardwareSurroundings: Surroundings = {
	async prepare() {
		code ??= await import('./hardware-files.ts');
	},
	files: (place, lab) => code?.hardwareFiles(place, lab) ?? {},
	ofProcesses: (place, lab) => code?.filesOfProcesses(place, lab) ?? {},
};
