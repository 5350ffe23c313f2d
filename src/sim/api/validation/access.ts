/** Roles and who has them. Source: kubernetes pkg/apis/rbac/validation/validation.go @ v1.24.0. */
import { type Draft, sub, subs, text, texts } from '../json.ts';
import { nameErrors } from '../meta.ts';
import { type FieldError, invalidValue, notSupported, required } from '../status.ts';

const GROUP = 'rbac.authorization.k8s.io';

const rule = (of: Draft, field: string, namespaced: boolean): FieldError[] => {
	const errors: FieldError[] = [];
	const [urls, resources, names] = [texts(of, 'nonResourceURLs'), texts(of, 'resources'), texts(of, 'resourceNames')];
	if (texts(of, 'verbs').length === 0) errors.push(required(`${field}.verbs`, 'verbs must contain at least one value'));
	if (urls.length > 0) {
		const here = `${field}.nonResourceURLs`;
		if (namespaced) errors.push(invalidValue(here, urls, 'namespaced rules cannot apply to non-resource URLs'));
		if (texts(of, 'apiGroups').length + resources.length + names.length > 0)
			errors.push(invalidValue(here, urls, 'rules cannot apply to both regular resources and non-resource URLs'));
		return errors;
	}
	if (texts(of, 'apiGroups').length === 0)
		errors.push(required(`${field}.apiGroups`, 'resource rules must supply at least one api group'));
	if (resources.length === 0)
		errors.push(required(`${field}.resources`, 'resource rules must supply at least one resource'));
	if (names.length > 0 && resources.length > 1)
		errors.push(required(`${field}.resourceNames`, 'resource names cannot apply to multiple resources'));
	return errors;
};

/** ValidateRole(), ValidateClusterRole() */
export const roleErrors = (object: Draft): FieldError[] =>
	subs(object, 'rules').flatMap((of, i) => rule(of, `rules[${i}]`, object.kind === 'Role'));

const subject = (of: Draft, field: string, namespaced: boolean): FieldError[] => {
	const errors: FieldError[] = [];
	const { apiGroup = '', kind = '', name = '', namespace } = of;
	if (name === '') errors.push(required(`${field}.name`));
	if (kind === 'ServiceAccount') {
		if (name !== '') errors.push(...nameErrors(String(name)).map((why) => invalidValue(`${field}.name`, name, why)));
		if (apiGroup !== '') errors.push(notSupported(`${field}.apiGroup`, apiGroup, ['']));
		if (!namespaced && !namespace) errors.push(required(`${field}.namespace`));
	} else if (kind === 'User' || kind === 'Group') {
		if (name === '')
			errors.push(invalidValue(`${field}.name`, name, `${String(kind).toLowerCase()} name cannot be empty`));
		if (apiGroup !== GROUP) errors.push(notSupported(`${field}.apiGroup`, apiGroup, [GROUP]));
	} else errors.push(notSupported(`${field}.kind`, kind, ['ServiceAccount', 'User', 'Group']));
	return errors;
};

/** ValidateRoleBinding(), ValidateClusterRoleBinding() */
export const bindingErrors = (object: Draft): FieldError[] => {
	const errors: FieldError[] = [];
	const namespaced = object.kind === 'RoleBinding';
	const { apiGroup = '', kind = '' } = sub(object, 'roleRef');
	const name = text(object, 'roleRef', 'name') ?? '';
	if (apiGroup !== GROUP) errors.push(notSupported('roleRef.apiGroup', apiGroup, [GROUP]));
	const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
	if (!kinds.includes(String(kind))) errors.push(notSupported('roleRef.kind', kind, kinds));
	if (name === '') errors.push(required('roleRef.name'));
	else errors.push(...nameErrors(name, 'path').map((why) => invalidValue('roleRef.name', name, why)));
	return [...errors, ...subs(object, 'subjects').flatMap((of, i) => subject(of, `subjects[${i}]`, namespaced))];
};
