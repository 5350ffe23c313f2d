/** Which names of a file's top level a piece of it reads and writes. As much of scope analysis as bundled code needs. */

// biome-ignore lint/suspicious/noExplicitAny: ESTree, walked by its shape
export type Node = any;

export interface Names {
	readonly reads: ReadonlySet<string>;
	readonly writes: ReadonlySet<string>;
}

interface Scope {
	readonly names: Set<string>;
	readonly parent?: Scope;
}

const isFunction = ({ type }: Node): boolean =>
	type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression';

function children(node: Node): Node[] {
	const found: Node[] = [];
	for (const key in node) {
		if (key === 'type' || key === 'start' || key === 'end') continue;
		const value = node[key];
		if (Array.isArray(value)) found.push(...value.filter((v) => v && typeof v.type === 'string'));
		else if (value && typeof value.type === 'string') found.push(value);
	}
	return found;
}

/** Names that a pattern binds. */
export function bound(pattern: Node, into = new Set<string>()): Set<string> {
	switch (pattern?.type) {
		case 'Identifier':
			into.add(pattern.name);
			break;
		case 'ObjectPattern':
			for (const p of pattern.properties) bound(p.type === 'RestElement' ? p.argument : p.value, into);
			break;
		case 'ArrayPattern':
			for (const p of pattern.elements) bound(p, into);
			break;
		case 'AssignmentPattern':
			bound(pattern.left, into);
			break;
		case 'RestElement':
			bound(pattern.argument, into);
			break;
	}
	return into;
}

/** `var` anywhere in a function, but not in functions inside of it. */
function hoisted(node: Node, into: Set<string>): void {
	if (node.type === 'VariableDeclaration' && node.kind === 'var') {
		for (const d of node.declarations) bound(d.id, into);
	}
	for (const child of children(node)) if (!isFunction(child)) hoisted(child, into);
}

/** `let`, `const`, classes and functions of one block. */
function declared(statements: readonly Node[], into: Set<string>): void {
	for (const s of statements) {
		if (s.type === 'VariableDeclaration' && s.kind !== 'var') for (const d of s.declarations) bound(d.id, into);
		else if ((s.type === 'FunctionDeclaration' || s.type === 'ClassDeclaration') && s.id) into.add(s.id.name);
	}
}

/** What a node uses of the scopes around it. */
export function namesOf(root: Node): Names {
	const reads = new Set<string>();
	const writes = new Set<string>();
	const outer = (name: string, scope: Scope | undefined): boolean => {
		for (let s = scope; s; s = s.parent) if (s.names.has(name)) return false;
		return true;
	};
	const written = (pattern: Node, scope: Scope | undefined): void => {
		for (const name of bound(pattern)) if (outer(name, scope)) writes.add(name);
	};
	const visit = (node: Node, scope: Scope | undefined): void => {
		if (isFunction(node)) {
			const names = new Set<string>(['arguments']);
			if (node.type === 'FunctionExpression' && node.id) names.add(node.id.name);
			for (const p of node.params) bound(p, names);
			hoisted(node.body, names);
			if (node.body.type === 'BlockStatement') declared(node.body.body, names);
			const inner = { names, parent: scope };
			for (const p of node.params) visit(p, inner);
			visit(node.body, inner);
			return;
		}
		switch (node.type) {
			case 'Identifier':
				if (outer(node.name, scope)) reads.add(node.name);
				return;
			case 'MemberExpression':
				visit(node.object, scope);
				if (node.computed) visit(node.property, scope);
				return;
			case 'Property':
			case 'MethodDefinition':
			case 'PropertyDefinition':
				if (node.computed) visit(node.key, scope);
				if (node.value) visit(node.value, scope);
				return;
			case 'LabeledStatement':
				visit(node.body, scope);
				return;
			case 'BreakStatement':
			case 'ContinueStatement':
			case 'MetaProperty':
			case 'ImportExpression':
				return;
			case 'AssignmentExpression':
				written(node.left, scope);
				break;
			case 'UpdateExpression':
				written(node.argument, scope);
				break;
			case 'ForInStatement':
			case 'ForOfStatement':
				if (node.left.type !== 'VariableDeclaration') written(node.left, scope);
		}
		let inner = scope;
		if (node.type === 'BlockStatement' || node.type === 'StaticBlock') {
			inner = { names: new Set(), parent: scope };
			declared(node.body, inner.names);
		} else if (node.type === 'SwitchStatement') {
			inner = { names: new Set(), parent: scope };
			for (const c of node.cases) declared(c.consequent, inner.names);
		} else if (/^For/.test(node.type)) {
			inner = { names: new Set(), parent: scope };
			declared([node.init ?? node.left].filter(Boolean), inner.names);
		} else if (node.type === 'CatchClause') {
			inner = { names: node.param ? bound(node.param) : new Set(), parent: scope };
		} else if (node.type === 'ClassExpression' && node.id) {
			inner = { names: new Set([node.id.name]), parent: scope };
		}
		for (const child of children(node)) visit(child, inner);
	};
	visit(root, undefined);
	return { reads, writes };
}
