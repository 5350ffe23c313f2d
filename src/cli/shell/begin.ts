/** just-bash's shell as a shell of a place begins: its files, variables, commands and limits. */
import { COMMANDS } from './commands.ts';
import type { LabFiles } from './files.ts';
import type { Host } from './frame.ts';
import { setIdentity } from './identity.ts';
import { Bash, type CommandName, type State, stateOf } from './just-bash.ts';
import { ENDLESS, LIMITS } from './limits.ts';
import { envOf, type PlaceFacts } from './places.ts';
import type { ShellOptions } from './shell-options.ts';
import { begin } from './variables.ts';

export interface Beginning {
	readonly host: Host;
	readonly name: string;
	readonly facts: PlaceFacts;
	readonly files: LabFiles;
	readonly pid: number;
	readonly options: ShellOptions;
	/** What is done with each syntax tree before it is run. */
	meant<T>(ast: T): T;
}

/** A bash that nothing has been run in. */
export function begun({ host, name, facts, files, pid, options, meant }: Beginning): Bash {
	const root = facts.user === 'root';
	const bash = new Bash({
		fs: files,
		cwd: facts.cwd,
		env: {
			...envOf(facts),
			// What the runtime sets for a terminal.
			...(facts.container && options.interactive ? { TERM: 'xterm' } : {}),
			...options.env,
		},
		commands: [...((facts.commands as CommandName[] | undefined) ?? COMMANDS)],
		executionLimits: options.life ? ENDLESS : LIMITS,
		defenseInDepth: false,
		processInfo: {
			pid,
			ppid: 1,
			uid: facts.ids?.uid ?? (root ? 0 : 1000),
			gid: facts.ids?.gid ?? (root ? 0 : 1000),
		},
	});
	const state = stateOf(bash) as State & { host?: Host };
	state.host = host;
	setIdentity(state, options.as);
	if (facts.container) {
		state.exportedVars?.delete('OLDPWD');
		// runc adds it last, when nobody gave one.
		if (state.exportedVars?.delete('HOME')) state.exportedVars.add('HOME');
		if (options.name === undefined) state.exportedVars?.delete('PWD');
	}
	state.env.set('0', name);
	// dash counts no shells; who runs a command in a container asks none.
	if (name === 'bash' ? options.name !== undefined || !facts.container : facts.sh === 'ash') {
		state.env.set('SHLVL', String((Number(options.env?.SHLVL) || 0) + 1));
		state.exportedVars.add('SHLVL');
	}
	state.shoptOptions.expand_aliases = options.interactive;
	if (name === 'bash') begin(state, state.env.get('BASH_VERSION'), facts.ids?.groups ?? (root ? [0] : [1000, 27, 998]));
	bash.registerTransformPlugin({ name: 'random', transform: ({ ast }) => ({ ast: meant(ast) }) });
	return bash;
}
