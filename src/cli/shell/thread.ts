/** What the shell knows of a line that runs, or of one command of its pipeline. */
import type { LineRun } from './call.ts';
import type { SessionCore } from './core.ts';
import type { Stage } from './frame.ts';

type Facts = Pick<
	LineRun,
	| 'text'
	| 'tty'
	| 'terminal'
	| 'interactive'
	| 'foreground'
	| 'keeps'
	| 'screen'
	| 'whole'
	| 'interruptAt'
	| 'life'
	| 'pid'
	| 'depth'
	| 'family'
>;

/** @param routes of the run that is made; @param parent is interrupted with it */
export function threadOf(
	core: SessionCore,
	facts: Facts,
	routes: (line: () => LineRun) => LineRun['routes'],
	parent: LineRun | undefined,
): LineRun {
	const stop = new AbortController();
	const line: LineRun = {
		...facts,
		...(parent ? { outer: parent } : {}),
		routes: routes(() => line),
		stop,
		cancel: new AbortController(),
		interrupted: false,
		shown: 0,
		steps: 0,
		tools: 0,
		interrupt: () => {
			line.interrupted = true;
			core.clock.interrupt(line);
			line.cancel.abort();
			if (line.tools === 0) stop.abort();
			for (const child of children) {
				const signal = child.detached ? 'KILL' : line.signal;
				if (signal) child.signal ??= signal;
				child.interrupt();
			}
		},
	};
	const children = core.childrenOf(line);
	if (parent) core.childrenOf(parent).add(line);
	const { life } = line;
	life?.runs.add(line);
	if (life?.dead) line.interrupt();
	return line;
}

/** One command of a pipeline. The last one writes to its parent's terminal; none is typed into. */
export function stageOf(core: SessionCore, parent: LineRun, last: boolean): Stage & LineRun {
	const line = threadOf(
		core,
		{
			text: '',
			tty: parent.tty && last,
			terminal: parent.terminal,
			interactive: false,
			foreground: parent.foreground,
			keeps: false,
			depth: parent.depth,
			family: parent.family,
			whole: parent.whole ?? parent,
			...(parent.life ? { life: parent.life } : {}),
			...(parent.interruptAt === undefined ? {} : { interruptAt: parent.interruptAt }),
		},
		() => parent.routes,
		parent,
	);
	const waits = (one: LineRun): boolean =>
		core.clock.waitsForever(one) || [...core.childrenOf(one)].some((child) => waits(child));
	return Object.assign(line, {
		broken: false,
		waitsForever: () => waits(line),
		over: () => {
			core.childrenOf(parent).delete(line);
			line.life?.runs.delete(line);
		},
	});
}
