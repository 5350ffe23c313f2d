/** Roles and their bindings. Source: describe.go @ kubectl v0.24.0. */
import type { ApiObject } from '../../../sim/api/index.ts';
import { subs, text } from '../print/index.ts';
import type { Description } from './description.ts';
import { ruleCells, rulesOf } from './rules.ts';

export function describeRole(d: Description, role: ApiObject): void {
	d.line(0, 'Name', role.metadata.name);
	d.labels('Labels', role.metadata.labels);
	d.annotations('Annotations', role.metadata.annotations);
	d.put(0, 'PolicyRule:\n');
	d.table(1, ['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs'], rulesOf(role).map(ruleCells));
}

export function describeBinding(d: Description, binding: ApiObject): void {
	d.line(0, 'Name', binding.metadata.name);
	d.labels('Labels', binding.metadata.labels);
	d.annotations('Annotations', binding.metadata.annotations);
	d.put(0, 'Role:\n');
	d.line(1, 'Kind', text(binding, 'roleRef', 'kind'));
	d.line(1, 'Name', text(binding, 'roleRef', 'name'));
	d.put(0, 'Subjects:\n');
	d.table(
		1,
		['Kind', 'Name', 'Namespace'],
		subs(binding, 'subjects').map((subject) => [
			text(subject, 'kind'),
			text(subject, 'name'),
			text(subject, 'namespace'),
		]),
	);
}
