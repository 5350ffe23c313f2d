/** What can be done with a stored resource, as discovery lists it. */
export const VERBS: readonly string[] = [
	'create',
	'delete',
	'deletecollection',
	'get',
	'list',
	'patch',
	'update',
	'watch',
];
