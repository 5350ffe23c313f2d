/** The editor of whoever runs the lab in a shell: their own, on a temporary file. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Interface } from 'node:readline/promises';
import type { ShowEditor } from '../../src/cli/index.ts';

/** Runs `$VISUAL`, `$EDITOR` or vi; `line` is the readline that has the terminal otherwise. */
export const hostEditor =
	(line: () => Pick<Interface, 'pause' | 'resume'> | undefined): ShowEditor =>
	async ({ name, text, line: at }) => {
		const folder = mkdtempSync(join(tmpdir(), 'packetwalk-'));
		const path = join(folder, basename(name) || 'file');
		const command = process.env.VISUAL || process.env.EDITOR || 'vi';
		const raw = process.stdin.isRaw;
		try {
			writeFileSync(path, text);
			line()?.pause();
			process.stdin.setRawMode?.(false);
			// All that it may write to is the terminal; the shell splits the editor's own options.
			const ran = spawnSync('/bin/sh', ['-c', `${command} "$@"`, 'sh', ...(at && at > 1 ? [`+${at}`] : []), path], {
				stdio: 'inherit',
			});
			if (ran.status !== 0) {
				process.stderr.write(`lab: ${command}: ${ran.error?.message ?? `ended with ${ran.status ?? ran.signal}`}\n`);
				return undefined;
			}
			const saved = readFileSync(path, 'utf8');
			return saved === text ? undefined : saved;
		} finally {
			process.stdin.setRawMode?.(raw);
			line()?.resume();
			rmSync(folder, { recursive: true, force: true });
		}
	};
