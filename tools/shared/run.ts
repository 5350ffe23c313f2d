import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { ROOT } from './paths.ts';

export interface RunOptions {
	/** Extra environment variables. */
	env?: Record<string, string>;
	/** Whole seconds after which the process and everything it started are killed. */
	limit?: number;
	/** Where its output goes: to the terminal, or nowhere. */
	output?: 'inherit' | 'ignore';
}

/** How a child process ended. `code` is 124 when the time limit ended it, as with `timeout`(1). */
export interface RunResult {
	code: number;
	timedOut: boolean;
	seconds: number;
}

/** All descendants of a process, children first. Empty where the system offers no list of processes. */
function descendants(pid: number): number[] {
	const parents = new Map<number, number>();
	try {
		for (const name of readdirSync('/proc')) {
			if (!/^\d+$/.test(name)) continue;
			try {
				// The command (second field) may hold spaces and parentheses: read after its last one.
				const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
				parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
			} catch {
				// It ended while we looked.
			}
		}
	} catch {
		const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
		for (const line of (stdout ?? '').split('\n')) {
			const [child, parent] = line.trim().split(/\s+/).map(Number);
			if (child && parent) parents.set(child, parent);
		}
	}
	const found: number[] = [];
	const queue = [pid];
	for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
		for (const [child, parent] of parents) {
			if (parent !== at || found.includes(child)) continue;
			found.push(child);
			queue.push(child);
		}
	}
	return found;
}

function signal(pids: number[], name: NodeJS.Signals): void {
	for (const pid of pids) {
		try {
			process.kill(pid, name);
		} catch {
			// Already gone.
		}
	}
}

/**
 * Kill a process and everything it started. Browsers run in process groups of their own, so a kill of the
 * group would leave them behind: the whole tree is listed first.
 */
export function killTree(pid: number): void {
	if (process.platform === 'win32') {
		spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
		return;
	}
	const tree = [pid, ...descendants(pid)];
	signal(tree, 'SIGKILL');
}

/** Run a command from the repository's root, without stdin, and wait for it. */
export function run(command: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
	const started = performance.now();
	const out = options.output ?? 'inherit';
	return new Promise((resolve) => {
		const child = spawn(command, args, {
			cwd: ROOT,
			stdio: ['ignore', out, out],
			env: { ...process.env, ...options.env },
		});
		let timedOut = false;
		const timer = options.limit
			? setTimeout(() => {
					timedOut = true;
					if (child.pid) killTree(child.pid);
				}, options.limit * 1000)
			: undefined;
		const done = (code: number): void => {
			clearTimeout(timer);
			resolve({ code: timedOut ? 124 : code, timedOut, seconds: (performance.now() - started) / 1000 });
		};
		child.on('error', (error) => {
			console.error(`${command}: ${error.message}`);
			done(127);
		});
		// 'exit', not 'close': a grandchild that keeps the pipe open must not keep us waiting.
		child.on('exit', (code) => done(code ?? 1));
	});
}

/** Run a Node script of this repository or of a package with the Node that runs us. */
export const runNode = (script: string, args: string[] = [], options: RunOptions = {}): Promise<RunResult> =>
	run(process.execPath, [script, ...args], options);
