/** `helm create` and `helm lint`: charts of somebody's own (helm cmd/helm/{create,lint}.go @ v3.9.4). */
import type { Command } from '../cobra/index.ts';
import { lintChart, messageLine } from './chart/lint.ts';
import { type Failure, isFailure } from './chart/load.ts';
import { scaffold } from './chart/scaffold.ts';
import { plainPath, SET_FLAGS } from './chart-flags.ts';
import { readValues } from './values.ts';

export const createCommand: Command = {
	name: 'create',
	use: 'NAME [flags]',
	short: 'create a new chart with the given name',
	flags: [{ name: 'starter', short: 'p', type: 'string', usage: 'the name or absolute path to Helm starter scaffold' }],
	run: async ({ args, flags, call }) => {
		const [path] = args;
		if (args.length !== 1 || path === undefined)
			return '"helm create" requires 1 argument\n\nUsage:  helm create NAME [flags]';
		if (flags.given('starter')) return 'the simulator’s helm has no starters: --starter';
		call.out(`Creating ${path}\n`);
		const folder = plainPath(path);
		const name = folder.split('/').at(-1)!;
		if (name.length > 250) return 'chart name must be between 1 and 250 characters';
		if (!/^[a-zA-Z0-9._-]+$/.test(name)) return 'chart name must match the regular expression "^[a-zA-Z0-9._-]+$"';
		const above = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) || '/' : '.';
		if ((await call.files.list(above)) === undefined) {
			const full = above.startsWith('/') ? above : `${call.cwd.replace(/\/$/, '')}/${above}`;
			return `stat ${full}: no such file or directory`;
		}
		const full = folder.startsWith('/') ? folder : `${call.cwd.replace(/\/$/, '')}/${folder}`;
		const laid = await call.runAt(call.place, ['mkdir', '-p', `${full}/charts`, `${full}/templates/tests`]);
		if (laid !== 0) return `mkdir ${full}: permission denied`;
		for (const [file, text] of scaffold(name)) {
			const at = `${folder}/${file}`;
			if ((await call.files.mode?.(at)) !== undefined)
				call.out(
					`WARNING: File ${JSON.stringify(at.startsWith('/') ? at : `${call.cwd.replace(/\/$/, '')}/${at.replace(/^\.\//, '')}`)} already exists. Overwriting.\n`,
				);
			await call.files.write(at, text);
		}
		return 0;
	},
};

export const lintCommand: Command = {
	name: 'lint',
	use: 'PATH [flags]',
	short: 'examine a chart for possible issues',
	flags: [
		{ name: 'strict', type: 'bool', usage: 'fail on lint warnings' },
		{ name: 'with-subcharts', type: 'bool', usage: 'lint dependent charts' },
		{ name: 'quiet', type: 'bool', usage: 'print only warnings and errors' },
		...SET_FLAGS,
	],
	run: async (run) => {
		const { args, flags, call } = run;
		const values = await readValues(call, flags);
		if ('error' in values) return values.error;
		const paths = args.length > 0 ? [...args] : ['.'];
		if (flags.on('with-subcharts'))
			for (const path of args.length > 0 ? args : ['.'])
				for (const entry of (await call.files.list(`${plainPath(path)}/charts`)) ?? [])
					if (entry.endsWith('.tgz') || (await call.files.read(`${plainPath(path)}/charts/${entry}/Chart.yaml`)))
						paths.push(`${plainPath(path).replace(/^\.\//, '')}/charts/${entry}`);
		let bad = 0;
		let told = 0;
		for (const path of paths) {
			const found = await lintChart(call, call.files, path, flags.text('namespace') || 'default', values.typed);
			const messages = isFailure(found) ? [] : (found as Exclude<typeof found, Failure>);
			const loud = messages.filter(({ severity }) => severity !== 'INFO');
			if (loud.length > 0) told++;
			if (flags.on('quiet') && loud.length === 0 && !isFailure(found)) continue;
			call.out(`==> Linting ${path}\n`);
			if (isFailure(found)) call.out(`Error ${found.error}\n`);
			for (const message of flags.on('quiet') ? loud : messages) call.out(messageLine(message));
			if (isFailure(found) || loud.some(({ severity }) => severity === 'ERROR' || flags.on('strict'))) bad++;
			call.out('\n');
		}
		const summary = `${paths.length} chart(s) linted, ${bad} chart(s) failed`;
		if (bad > 0) return summary;
		if (!flags.on('quiet') || told > 0) call.out(`${summary}\n`);
		return 0;
	},
};
