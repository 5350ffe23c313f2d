/** `systemctl list-units`, `list-unit-files`, `show` and `cat` on a node. */
import type { Call } from '../tool.ts';
import type { Process } from './process-numbers.ts';
import { filesOfUnit, UNITS } from './systemd-units.ts';
import { clock, dayName, isoDate } from './words.ts';

/** What its files say now, those somebody changed included; without the ones that are gone. */
export async function catUnit(call: Call, unit: string): Promise<void> {
	const texts: string[] = [];
	for (const { path } of filesOfUnit(call, unit)) {
		const text = await call.files.read(path);
		if (text !== undefined) texts.push(`# ${path}\n${text}${text.endsWith('\n') ? '' : '\n'}`);
	}
	call.out(texts.join('\n'));
}

/** `list-units` and `list-unit-files` of the units that the lab follows (src/systemctl/systemctl-list-units.c). */
export function listUnits(
	call: Call,
	verb: string,
	patterns: readonly string[],
	runs: (name: string) => boolean,
): number {
	const option = (name: string): string | undefined =>
		call.args.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
	const type =
		option('type') ?? (call.args.includes('-t') ? call.args[call.args.indexOf('-t') + 1] : undefined) ?? 'service';
	const failed = call.args.includes('--failed') || option('state') === 'failed';
	const names = Object.keys(UNITS)
		.filter(() => type === 'service' && !failed)
		.filter((name) => patterns.length === 0 || patterns.includes(name) || patterns.includes(`${name}*`));
	const bare = call.args.includes('--no-legend');
	if (verb === 'list-unit-files') {
		const rows = names.map((name) => [`${name}.service`, 'enabled', 'enabled']);
		const width = Math.max('UNIT FILE'.length, ...rows.map(([name]) => name!.length));
		const line = ([a, b, c]: readonly string[]): string => `${a!.padEnd(width)} ${b!.padEnd(7)} ${c}\n`;
		call.out(
			`${bare ? '' : line(['UNIT FILE', 'STATE', 'VENDOR PRESET'])}${rows.map(line).join('')}${bare ? '' : `\n${rows.length} unit files listed.\n`}`,
		);
	} else {
		const all = call.args.includes('--all') || call.args.includes('-a');
		const rows = names
			.filter((name) => all || runs(name))
			.map((name) => [
				`${name}.service`,
				'loaded',
				...(runs(name) ? ['active', 'running'] : ['inactive', 'dead']),
				UNITS[name]!.description,
			]);
		const head = ['UNIT', 'LOAD', 'ACTIVE', 'SUB', 'DESCRIPTION'];
		const shown = bare ? rows : [head, ...rows];
		const width = (i: number): number => Math.max(...shown.map((r) => r[i]!.length));
		for (const r of shown)
			call.out(`  ${r.map((cell, i) => (i === r.length - 1 ? cell : cell.padEnd(width(i)))).join(' ')}\n`);
		if (rows.length > 0 && !bare)
			call.out(
				'\nLOAD   = Reflects whether the unit definition was properly loaded.\nACTIVE = The high-level unit activation state, i.e. generalization of SUB.\nSUB    = The low-level unit activation state, values depend on unit type.\n',
			);
		if (!bare)
			call.out(
				`${rows.length} loaded units listed.${all || failed ? '' : ' Pass --all to see loaded but inactive units, too.'}\n${failed ? '' : "To show all installed unit files use 'systemctl list-unit-files'.\n"}`,
			);
	}
	if (!failed)
		call.err('systemctl: the simulator follows two units of a node, containerd and kubelet; others are not listed\n');
	return 0;
}

/** `show`: properties that follow from the unit's file and its process. */
export function show(call: Call, unit: string | undefined, main: Process | undefined): number {
	if (unit === undefined || !Object.hasOwn(UNITS, unit)) {
		call.err(`systemctl: the simulator shows properties of ${Object.keys(UNITS).join(' and ')} only\n`);
		return 1;
	}
	const { description, slice, docs } = UNITS[unit]!;
	const since = main && call.lab.epoch + main.startedAt / 1e6;
	const when = since === undefined ? '' : `${dayName(since)} ${isoDate(since)} ${clock(since)} UTC`;
	const all: Readonly<Record<string, string>> = {
		Type: unit === 'containerd' ? 'notify' : 'simple',
		Restart: 'always',
		MainPID: String(main?.pid ?? 0),
		ExecMainStartTimestamp: when,
		Slice: slice,
		ControlGroup: main ? `/${slice}/${unit}.service` : '',
		Id: `${unit}.service`,
		Names: `${unit}.service`,
		Documentation: docs,
		Description: description,
		LoadState: 'loaded',
		ActiveState: main ? 'active' : 'inactive',
		SubState: main ? 'running' : 'dead',
		FragmentPath: `/etc/systemd/system/${unit}.service`,
		UnitFileState: 'enabled',
		UnitFilePreset: 'enabled',
		ActiveEnterTimestamp: when,
	};
	const asked = call.args.flatMap((word, i) => {
		const value = /^(?:--property=|-p)(.+)$/.exec(word)?.[1];
		return (value ?? (word === '-p' || word === '--property' ? (call.args[i + 1] ?? '') : ''))
			.split(',')
			.filter(Boolean);
	});
	const unknown = asked.filter((name) => !Object.hasOwn(all, name));
	for (const [name, value] of Object.entries(all))
		if (asked.length === 0 || asked.includes(name))
			call.out(call.args.includes('--value') ? `${value}\n` : `${name}=${value}\n`);
	if (unknown.length > 0)
		call.err(
			`systemctl: the simulator does not know ${unknown.join(', ')} of a unit; it has ${Object.keys(all).join(', ')}\n`,
		);
	return unknown.length > 0 ? 1 : 0;
}
