/**
 * What dash, and busybox's ash, do not have of bash: found in the syntax tree before it runs, so that it fails as there.
 *
 * Source: dash src/parser.c and builtins.def.in @ v0.5.11; busybox shell/ash.c @ 1_35_0, built with its bash compatibility.
 */

type Node = { type?: string; [key: string]: unknown };

/** bash's builtins that are none there. */
const NOT_ASH =
	'bind builtin caller compgen complete compopt declare dirs disown enable logout mapfile popd pushd readarray shopt suspend typeset';
const NOT: Readonly<Record<'ash' | 'dash', ReadonlySet<string>>> = {
	ash: new Set(NOT_ASH.split(' ')),
	dash: new Set(`${NOT_ASH} [[ help history let source`.split(' ')),
};

/** Whether a shell knows nothing of a command that is bash's own. */
export const lacks = (sh: 'ash' | 'dash', name: string): boolean => NOT[sh].has(name);

/** Operations on parameters that dash takes for none; ash has those of a part and of a replacement. */
const OPERATIONS: Readonly<Record<'ash' | 'dash', RegExp>> = {
	ash: /^(?:CaseModification|Transform|Indirection|ArrayKeys|VarNamePrefix)/,
	dash: /^(?:Substring|PatternReplacement|CaseModification|Transform|Indirection|ArrayKeys|VarNamePrefix)/,
};

/** Parameters that bash sets by itself. */
const OF_BASH = /^(?:BASH\w*|E?UID|EPOCH\w+|FUNCNAME|PIPESTATUS|SECONDS|SRANDOM)(?:\[|$)/;

const fail = (message: string): never => {
	throw Object.assign(new Error(message), { name: 'ParseException' });
};
const unexpected = (token: string): never => fail(`syntax error near unexpected token \`${token}'`);

const literal = (value: string): Node => ({ type: 'Literal', value });

/** `{a,b}` as it is written. */
function written(node: Node): Node[] {
	const items = (node.items as readonly Node[]).map((item) =>
		item.type === 'Range'
			? [literal(`${item.startStr ?? item.start}..${item.endStr ?? item.end}${item.step ? `..${item.step}` : ''}`)]
			: [...(item.word as { parts: Node[] }).parts],
	);
	return [literal('{'), ...items.flatMap((parts, i) => (i === 0 ? parts : [literal(','), ...parts])), literal('}')];
}

function parameter(node: Node, sh: 'ash' | 'dash'): Node {
	const name = String(node.parameter);
	const operation = node.operation as Node | null;
	if (name.includes('[') || OPERATIONS[sh].test(operation?.type ?? ''))
		return { ...node, operation: { type: 'BadSubstitution', text: name } };
	if (OF_BASH.test(name) || (sh === 'dash' && name === 'RANDOM')) return { ...node, parameter: '__packetwalk_unset' };
	return node;
}

function instead(node: Node, sh: 'ash' | 'dash'): Node[] {
	switch (node?.type) {
		case 'Assignment':
			return node.array ? unexpected('(') : [node];
		case 'ProcessSubstitution':
			return sh === 'dash' ? unexpected('(') : [node];
		case 'CStyleFor':
			return fail('Bad for loop variable');
		case 'Redirection':
			return node.operator === '<<<' ? fail('redirection unexpected') : [node];
		case 'ConditionalCommand':
			if (sh !== 'dash') return [node];
			return [
				{
					type: 'SimpleCommand',
					assignments: [],
					name: { type: 'Word', parts: [literal('[[')] },
					args: [],
					redirections: node.redirections ?? [],
					line: node.line,
				},
			];
		case 'BraceExpansion':
			return written(node);
		case 'ParameterExpansion':
			return [parameter(node, sh)];
		default:
			return [node];
	}
}

/** Puts what the shell makes of it in the place of what is bash's. @throws Error for what is no text of that shell */
export function inPosix<T>(ast: T, sh: 'ash' | 'dash'): T {
	const seen = new Set<object>();
	const visit = (node: unknown): void => {
		if (typeof node !== 'object' || node === null || seen.has(node)) return;
		seen.add(node);
		for (const [key, value] of Object.entries(node)) {
			if (typeof value !== 'object' || value === null) continue;
			if (Array.isArray(value)) {
				const items = value.flatMap((item) => instead(item, sh));
				(node as Node)[key] = items;
				for (const item of items) visit(item);
			} else {
				const [only = value as Node] = instead(value as Node, sh);
				(node as Node)[key] = only;
				visit(only);
			}
		}
	};
	visit(ast);
	return ast;
}
