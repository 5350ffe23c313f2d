/** hostnamectl and timedatectl, as far as they tell (systemd 249 src/hostname/hostnamectl.c, src/timedate/timedatectl.c). */
import type { Call } from '../../tool.ts';
import { clock, dayName, isoDate } from '../words.ts';
import type { Run } from './daemons.ts';

const rows = (all: readonly (readonly [string, string])[]): string => {
	const width = Math.max(...all.map(([name]) => name.length));
	return all.map(([name, value]) => `${name.padStart(width)}: ${value}\n`).join('');
};

const text = async (call: Call, path: string): Promise<string> => ((await call.files.read(path)) ?? '').trim();

const refuse = (call: Call, word: string): number => {
	call.err(`${call.name}: the simulator tells what is, and does not do ${word}\n`);
	return 1;
};

const hostnamectl: Run = async (call) => {
	const name = await text(call, '/etc/hostname');
	const [word] = call.args;
	if (word === 'hostname' && call.args.length === 1) {
		call.out(`${name}\n`);
		return 0;
	}
	if (word === '--static' || word === '--transient') {
		call.out(`${name}\n`);
		return 0;
	}
	if (word !== undefined && word !== 'status') return refuse(call, call.args.join(' '));
	const system = /^PRETTY_NAME="(.*)"$/m.exec(await text(call, '/etc/os-release'))?.[1] ?? '';
	const kernel = await text(call, '/proc/sys/kernel/osrelease');
	const chassis = call.place.kind === 'laptop' ? 'laptop' : 'container';
	call.out(
		rows([
			['Static hostname', name],
			['Icon name', `computer-${chassis}`],
			['Chassis', chassis],
			['Machine ID', await text(call, '/etc/machine-id')],
			['Operating System', system],
			['Kernel', `Linux ${kernel}`],
			['Architecture', 'x86-64'],
		]),
	);
	return 0;
};

/** No program here keeps the clock: nobody has synchronized it. */
const timedatectl: Run = async (call) => {
	const [word] = call.args;
	if (word !== undefined && word !== 'status') return refuse(call, call.args.join(' '));
	const now = call.lab.epoch + call.lab.now / 1e6;
	const zone = (await text(call, '/etc/timezone')) || 'Etc/UTC';
	const local = `${dayName(now)} ${isoDate(now)} ${clock(now)}`;
	call.out(
		rows([
			['Local time', `${local} UTC`],
			['Universal time', `${local} UTC`],
			['RTC time', local],
			['Time zone', `${zone} (UTC, +0000)`],
			['System clock synchronized', 'no'],
			['NTP service', 'n/a'],
			['RTC in local TZ', 'no'],
		]),
	);
	return 0;
};

export const MACHINE: Readonly<Record<string, Run>> = { hostnamectl, timedatectl };
