/** What README.txt says, for a version and a day (YYYY-MM-DD). Windows line ends and a BOM, for its Notepad. */
export function readme(version: string, day: string): string {
	const text = `PACKETWALK ${version} (${day})

English
  1. If this is inside a zip viewer, extract the whole folder first.
  2. Open index.html in a browser (Chromium, Chrome, Edge or Firefox).
     No internet and no installation are needed.
  3. Progress stays in this browser; it can be saved to a file and taken along.
  Check the copy: sha256sum -c SHA256SUMS

Français
  1. Si vous lisez ceci dans une archive zip, extrayez d'abord tout le dossier.
  2. Ouvrez index.html dans un navigateur (Chromium, Chrome, Edge ou Firefox).
     Ni internet ni installation ne sont nécessaires.
  3. La progression reste dans ce navigateur ; un fichier permet de l'emporter.
  Vérifier la copie : sha256sum -c SHA256SUMS

한국어
  1. zip 뷰어 안에서 보고 있다면 먼저 폴더 전체의 압축을 푸십시오.
  2. 브라우저(Chromium, Chrome, Edge, Firefox)로 index.html을 엽니다.
     인터넷도 설치도 필요 없습니다.
  3. 진도는 이 브라우저에 남으며, 파일로 저장해 가져갈 수 있습니다.
  복사본 확인: sha256sum -c SHA256SUMS

中文
  1. 如果正在压缩包查看器中阅读，请先解压整个文件夹。
  2. 用浏览器（Chromium、Chrome、Edge 或 Firefox）打开index.html。
     无需联网，无需安装。
  3. 学习进度保存在此浏览器中，也可以存成文件带走。
  校验副本：sha256sum -c SHA256SUMS

Code: Apache-2.0. Course: CC BY 4.0. Other works: THIRD-PARTY.txt.
`;
	return `\uFEFF${text.replace(/\n/g, '\r\n')}`;
}
