/** What operators do with numbers. */

export const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
	'<': (order) => order < 0,
	'<=': (order) => order <= 0,
	'==': (order) => order === 0,
	'!=': (order) => order !== 0,
	'>': (order) => order > 0,
	'>=': (order) => order >= 0,
};

export function arithmetic(how: string): (a: number, b: number) => number {
	switch (how) {
		case '+':
			return (a, b) => a + b;
		case '-':
			return (a, b) => a - b;
		case '*':
			return (a, b) => a * b;
		case '/':
			return (a, b) => a / b;
		case '%':
			return (a, b) => a % b;
		default:
			return (a, b) => a ** b;
	}
}
