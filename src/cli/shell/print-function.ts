/** Functions as `declare -f` and `type` write them (bash print_cmd.c @ 5.1). */
import type { CommandNode } from './just-bash.ts';
import { JOINED, RANDOM } from './programs/names.ts';

interface Part {
	readonly type: string;
	readonly value?: string;
	readonly parts?: readonly Part[];
	readonly [key: string]: unknown;
}
interface Word {
	readonly parts: readonly Part[];
}
interface Written {
	readonly originalText?: string;
}
interface Redirection {
	readonly fd: number | null;
	readonly fdVariable?: string;
	readonly operator: string;
	readonly target: Word & { readonly delimiter?: string; readonly content?: Word; readonly quoted?: boolean };
}
interface Assignment {
	readonly name: string;
	readonly value: Word | null;
	readonly append: boolean;
	readonly array: readonly Word[] | null;
}
interface Condition {
	readonly type: string;
	readonly operator?: string;
	readonly left?: Condition & Word;
	readonly right?: Condition & Word;
	readonly operand?: Condition & Word;
	readonly expression?: Condition;
	readonly word?: Word;
}
interface Statement {
	readonly pipelines: readonly {
		readonly commands: readonly Command[];
		readonly negated: boolean;
		readonly timed?: boolean;
		readonly timePosix?: boolean;
		readonly pipeStderr?: readonly boolean[];
	}[];
	readonly operators: readonly string[];
	readonly background: boolean;
}
type Command = Omit<CommandNode, 'redirections'> & {
	readonly assignments?: readonly Assignment[];
	readonly args?: readonly Word[];
	readonly redirections?: readonly Redirection[];
	readonly clauses?: readonly { readonly condition: readonly Statement[]; readonly body: readonly Statement[] }[];
	readonly elseBody?: readonly Statement[] | null;
	readonly variable?: string;
	readonly words?: readonly Word[] | null;
	readonly init?: Written | null;
	readonly condition?: Written | readonly Statement[] | null;
	readonly update?: Written | null;
	readonly body?: readonly Statement[] | Command;
	readonly word?: Word;
	readonly items?: readonly {
		readonly patterns: readonly Word[];
		readonly body: readonly Statement[];
		readonly terminator: string;
	}[];
	readonly expression?: Written & Condition;
};

/** A part that cannot be written back as it stood. */
export class Unwritten extends Error {}

const written = ({ originalText }: Written): string => {
	if (originalText === undefined) throw new Unwritten();
	return originalText;
};

/** What stands behind the name in `${…}`. */
function operation(name: string, given: Part | null): string {
	if (!given) return name;
	const op = given as Part & {
		readonly word?: Word | null;
		readonly pattern?: Word | null;
		readonly replacement?: Word | null;
		readonly offset?: Written;
		readonly length?: Written | null;
		readonly innerOp?: Part;
	};
	const word = op.word ? wordText(op.word) : '';
	const colon = op.checkEmpty ? ':' : '';
	switch (op.type) {
		case 'DefaultValue':
			return `${name}${colon}-${word}`;
		case 'AssignDefault':
			return `${name}${colon}=${word}`;
		case 'ErrorIfUnset':
			// The parameter's name stands before the words (`random.ts`).
			return `${name}${colon}?${word.replace(`'${name}: '`, '').replace(/^parameter (?:null or )?not set$/, '')}`;
		case 'UseAlternative':
			return `${name}${colon}+${word}`;
		case 'Length':
			return `#${name}`;
		case 'Substring':
			return `${name}:${written(op.offset!)}${op.length ? `:${written(op.length)}` : ''}`;
		case 'PatternRemoval':
			return `${name}${(op.side === 'prefix' ? '#' : '%').repeat(op.greedy ? 2 : 1)}${wordText(op.pattern!)}`;
		case 'PatternReplacement': {
			const mark = op.anchor === 'start' ? '/#' : op.anchor === 'end' ? '/%' : op.all ? '//' : '/';
			return `${name}${mark}${wordText(op.pattern!)}${op.replacement ? `/${wordText(op.replacement)}` : ''}`;
		}
		case 'CaseModification':
			return `${name}${(op.direction === 'upper' ? '^' : ',').repeat(op.all ? 2 : 1)}${op.pattern ? wordText(op.pattern) : ''}`;
		case 'Transform':
			return `${name}@${op.operator}`;
		case 'Indirection':
			return `!${operation(name, op.innerOp ?? null)}`;
		case 'ArrayKeys':
			return `!${op.array}[${op.star ? '*' : '@'}]`;
		case 'VarNamePrefix':
			return `!${op.prefix}${op.star ? '*' : '@'}`;
		default:
			throw new Unwritten();
	}
}

/** What `random.ts` puts in the place of a parameter. */
function replaced(part: Part): string | undefined {
	const { statements } = part.body as { readonly statements: readonly Statement[] };
	const only = statements[0]?.pipelines[0]?.commands[0];
	const name = only?.name && wordText(only.name as unknown as Word);
	if (name === RANDOM) return '$RANDOM';
	return name === JOINED ? `\${${wordText(only!.args![0]!)}[*]}` : undefined;
}

function partText(part: Part, quoted: boolean): string {
	switch (part.type) {
		case 'Literal':
			if (quoted) return part.value!.replace(/["\\`$]/g, '\\$&');
			// Such a one can only have been `$'…'`.
			return /[\s'"]/.test(part.value!) ? `'${part.value!.replaceAll("'", "'\\''")}'` : part.value!;
		case 'SingleQuoted':
			return `'${part.value!.replaceAll("'", "'\\''")}'`;
		case 'DoubleQuoted':
			return `"${part.parts!.map((one) => partText(one, true)).join('')}"`;
		case 'Escaped':
			return `\\${part.value}`;
		case 'Glob':
			return part.pattern as string;
		case 'TildeExpansion':
			return `~${(part.user as string | null) ?? ''}`;
		case 'ParameterExpansion': {
			const name = part.parameter as string;
			const op = part.operation as Part | null;
			return op || !/^(?:[A-Za-z_]\w*|[\d@*#?$!-])$/.test(name) || part.braced
				? `\${${operation(name, op)}}`
				: `$${name}`;
		}
		case 'CommandSubstitution': {
			const ours = replaced(part);
			if (ours !== undefined) return ours;
			const text = inline((part.body as { statements: readonly Statement[] }).statements);
			return part.legacy ? `\`${text}\`` : `$(${text})`;
		}
		case 'ArithmeticExpansion':
			return `$((${written(part.expression as Written)}))`;
		case 'ProcessSubstitution':
			return `${part.direction === 'input' ? '<' : '>'}(${inline((part.body as { statements: readonly Statement[] }).statements)})`;
		case 'BraceExpansion': {
			const items = part.items as readonly {
				readonly type: string;
				readonly word?: Word;
				readonly start?: string | number;
				readonly end?: string | number;
				readonly step?: number;
				readonly startStr?: string;
				readonly endStr?: string;
			}[];
			return `{${items.map((item) => (item.word ? wordText(item.word) : `${item.startStr ?? item.start}..${item.endStr ?? item.end}${item.step ? `..${item.step}` : ''}`)).join(',')}}`;
		}
		default:
			throw new Unwritten();
	}
}

/** A word as it was written. */
export const wordText = ({ parts }: Word): string => parts.map((part) => partText(part, false)).join('');

const inline = (statements: readonly Statement[]): string =>
	statements
		.map((one, i) => `${statement(one, 0)}${i < statements.length - 1 && !one.background ? ';' : ''}`)
		.join(' ');

const tabs = (depth: number): string => ' '.repeat(4 * depth);

/** Statements one below the other; the last has a `;` where the word that ends the list wants one. */
function list(statements: readonly Statement[], depth: number, ended: boolean): string {
	return statements
		.map((one, i) => {
			const last = i === statements.length - 1;
			const mark = one.background || (last && !ended) ? '' : ';';
			return `${statement(one, depth)}${mark}${last ? '' : one.background ? ' ' : `\n${tabs(depth)}`}`;
		})
		.join('');
}

function statement(one: Statement, depth: number): string {
	const text = one.pipelines
		.map((pipeline, i) => {
			const commands = pipeline.commands
				.map(
					(given, k) =>
						`${command(given, depth)}${k === pipeline.commands.length - 1 ? '' : pipeline.pipeStderr?.[k] ? ' 2>&1 | ' : ' | '}`,
				)
				.join('');
			const before = `${pipeline.timed ? `time ${pipeline.timePosix ? '-p ' : ''}` : ''}${pipeline.negated ? '! ' : ''}`;
			const operator = i === 0 ? '' : one.operators[i - 1] === ';' ? '; ' : ` ${one.operators[i - 1]} `;
			return `${operator}${before}${commands}`;
		})
		.join('');
	return one.background ? `${text} &` : text;
}

function redirection({ fd, fdVariable, operator, target }: Redirection): string {
	if (operator.startsWith('<<') && operator !== '<<<') throw new Unwritten();
	const standard = operator.startsWith('<') ? 0 : 1;
	const number = fdVariable !== undefined ? `{${fdVariable}}` : fd === null || fd === standard ? '' : String(fd);
	const word = wordText(target);
	const duplicates = operator === '>&' || operator === '<&';
	if (duplicates && /^(?:\d+-?|-|\$.*)$/.test(word))
		return `${number === '' ? standard : number}${word === '-' ? '>&' : operator}${word}`;
	return `${number}${duplicates ? '&>' : operator} ${word}`;
}

function assignment({ name, value, append, array }: Assignment): string {
	const sign = append ? '+=' : '=';
	return array ? `${name}${sign}(${array.map(wordText).join(' ')})` : `${name}${sign}${value ? wordText(value) : ''}`;
}

/** `[[ … ]]`. */
function test(given: Condition): string {
	switch (given.type) {
		case 'CondBinary':
			return `${wordText(given.left!)} ${given.operator} ${wordText(given.right!)}`;
		case 'CondUnary':
			return `${given.operator} ${wordText(given.operand!)}`;
		case 'CondNot':
			return `! ${test(given.operand!)}`;
		case 'CondAnd':
			return `${test(given.left!)} && ${test(given.right!)}`;
		case 'CondOr':
			return `${test(given.left!)} || ${test(given.right!)}`;
		case 'CondGroup':
			return `( ${test(given.expression!)} )`;
		case 'CondWord':
			return `-n ${wordText(given.word!)}`;
		default:
			throw new Unwritten();
	}
}

function command(given: Command, depth: number): string {
	const own = compound(given, depth);
	const behind = (given.redirections ?? []).map(redirection);
	return given.type === 'FunctionDef' ? own : [own, ...behind].filter((text) => text !== '').join(' ');
}

function compound(given: Command, depth: number): string {
	const { type } = given;
	const inner = (statements: readonly Statement[]): string => list(statements, depth + 1, true);
	const body = (): string => `\n${tabs(depth + 1)}${inner(given.body as readonly Statement[])}\n${tabs(depth)}`;
	switch (type as string) {
		case 'SimpleCommand':
			return [
				...(given.assignments ?? []).map(assignment),
				...(given.name ? [wordText(given.name as unknown as Word)] : []),
				...(given.args ?? []).map(wordText),
			].join(' ');
		case 'If': {
			const [first, ...others] = given.clauses!;
			const rest = (at: number, deep: number): string => {
				const clause = others[at];
				if (!clause)
					return given.elseBody ? `\n${tabs(deep)}else\n${tabs(deep + 1)}${list(given.elseBody, deep + 1, true)}` : '';
				// `elif` is an `if` of its own in what comes else.
				return `\n${tabs(deep)}else\n${tabs(deep + 1)}if ${list(clause.condition, deep + 1, true)} then\n${tabs(deep + 2)}${list(clause.body, deep + 2, true)}${rest(at + 1, deep + 1)}\n${tabs(deep + 1)}fi;`;
			};
			return `if ${list(first!.condition, depth, true)} then\n${tabs(depth + 1)}${inner(first!.body)}${rest(0, depth)}\n${tabs(depth)}fi`;
		}
		case 'For':
			return `for ${given.variable} in ${given.words ? given.words.map(wordText).join(' ') : '"$@"'};\n${tabs(depth)}do${body()}done`;
		case 'CStyleFor': {
			const [a, b, c] = [given.init, given.condition as Written | null, given.update].map((one) =>
				one ? written(one).trim() : '1',
			);
			return `for ((${a}; ${b}; ${c}))\n${tabs(depth)}do${body()}done`;
		}
		case 'While':
		case 'Until':
			return `${type === ('While' as string) ? 'while' : 'until'} ${list(given.condition as readonly Statement[], depth, true)} do${body()}done`;
		case 'Case': {
			const items = given.items!.map(
				({ patterns, body: statements, terminator }) =>
					`\n${tabs(depth + 1)}${patterns.map(wordText).join(' | ')})\n${statements.length > 0 ? `${tabs(depth + 2)}${list(statements, depth + 2, false)}` : ''}\n${tabs(depth + 1)}${terminator}`,
			);
			return `case ${wordText(given.word!)} in ${items.join('')}\n${tabs(depth)}esac`;
		}
		case 'Subshell':
			return `( ${list(given.body as readonly Statement[], depth, false)} )`;
		case 'Group':
			return `{ \n${tabs(depth + 1)}${list(given.body as readonly Statement[], depth + 1, false)}\n${tabs(depth)}}`;
		case 'ArithmeticCommand':
			return `((${written(given.expression!)}))`;
		case 'ConditionalCommand':
			return `[[ ${test(given.expression!)} ]]`;
		case 'FunctionDef':
			return `function ${given.name as unknown as string} () \n${tabs(depth)}${braced(given, depth)}`;
		default:
			throw new Unwritten();
	}
}

/** The body of a function; one that is no group stands in one. */
function braced(given: Command, depth: number): string {
	const body = given.body as Command;
	const behind = (given.redirections ?? []).map(redirection).join(' ');
	const text =
		body.type === ('Group' as string)
			? compound(body, depth)
			: `{ \n${tabs(depth + 1)}${command(body, depth + 1)}\n${tabs(depth)}}`;
	const after = [
		...(body.type === ('Group' as string) ? (body.redirections ?? []).map(redirection) : []),
		...(behind ? [behind] : []),
	];
	return [text, ...after].join(' ');
}

/** `f () …`, to its last line break. @throws Unwritten */
export const functionText = (name: string, node: CommandNode): string =>
	`${name} () \n${braced(node as unknown as Command, 0)}\n`;
