/** Keys of ConfigMaps and names of variables. Source: apimachinery pkg/util/validation/validation.go IsConfigMapKey(), IsEnvVarName() @ v0.24.0, IsRelaxedEnvVarName() @ v0.32.0. */
import { type FieldError, invalidValue } from '../status.ts';

const KEY = /^[-._a-zA-Z0-9]+$/;
const KEY_TEXT =
	"a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

const dots = (name: string): readonly string[] => {
	if (name === '.') return ["must not be '.'"];
	if (name === '..') return ["must not be '..'"];
	return name.startsWith('..') ? ["must not start with '..'"] : [];
};

export const keyErrors = (key: string, field: string): FieldError[] =>
	[
		...(key.length > 253 ? ['must be no more than 253 characters'] : []),
		...(KEY.test(key) ? dots(key) : [KEY_TEXT]),
	].map((why) => invalidValue(field, key, why));

const VARIABLE = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
const VARIABLE_TEXT =
	"a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";
const RELAXED_TEXT = "a valid environment variable names must be printable ASCII characters other than '=' character";

/** RelaxedEnvironmentVariableValidation, on by default from 1.32. */
export const variableErrors = (name: string, field: string, minor: number): FieldError[] => {
	const faults =
		minor >= 32
			? /^[ -<>-~]+$/.test(name)
				? []
				: [RELAXED_TEXT]
			: [...(VARIABLE.test(name) ? [] : [VARIABLE_TEXT]), ...dots(name)];
	return faults.map((why) => invalidValue(field, name, why));
};
