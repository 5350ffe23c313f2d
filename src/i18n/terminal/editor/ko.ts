import type { EditorText } from './types.ts';

export const editor: EditorText = {
	name: '편집기, {file}',
	text: '{file}의 내용',
	about:
		'간단한 편집기입니다. Ctrl-S로 저장하고 Ctrl-X로 나갑니다. Tab은 들여쓰기이며, Esc를 누른 뒤 Tab을 누르면 단추로 옮겨 갑니다.',
	aboutVi:
		'vi가 아니라 간단한 편집기이므로 바로 입력하면 됩니다. Ctrl-S로 저장하고 Ctrl-X로 나갑니다. Esc 뒤에 :wq를 입력해도 됩니다. Tab은 들여쓰기이며, Esc를 누른 뒤 Tab을 누르면 단추로 옮겨 갑니다.',
	position: '{line}행 {column}열',
	modified: '저장하지 않음',
	save: '저장',
	leave: '나가기',
	find: '찾기',
	goTo: '행으로 이동',
	line: '행 번호',
	next: '다음',
	close: '닫기',
	saved: '{file} 파일을 저장했습니다. 모두 {lines}행입니다.',
	saveFailed: '파일을 쓰지 못했습니다: {why}',
	notFound: '찾지 못했습니다.',
	free: '이제 Tab을 누르면 단추로 옮겨 가고, Esc를 한 번 더 누르면 편집기에서 나갑니다.',
	ask: '저장하지 않은 변경이 있습니다.',
	saveAndLeave: '저장하고 나가기',
	leaveAnyway: '저장하지 않고 나가기',
	stay: '계속 편집',
	fault: '{line}행: YAML로 읽을 수 없습니다. {why}',
	toFault: '그곳으로 이동',
	command: 'vi 명령: w, q, wq, q! 또는 행 번호',
	noCommand: '편집기에 :{command} 명령은 없습니다. :w, :q, :wq, :q!와 행 번호를 쓸 수 있습니다.',
	tooLarge: '편집기가 받을 수 있는 {most}자를 넘습니다. 아무것도 붙여 넣지 않았습니다.',
};
