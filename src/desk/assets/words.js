// What the page says, in Vietnamese and English.

const SAID = {
  vi: {
    skip: "Đến nội dung", search: "Tìm trong văn bản, có dấu hoặc không dấu", documents: "Tài liệu", queue: "Cần xem", theme: "Sáng/tối",
    help: "Phím tắt", keys: "Phím tắt", close: "Đóng", views: "Các trang", drop: "Thả bản quét vào đây, hoặc chọn tệp", choose: "Chọn tệp",
    folder: "Thư mục trên máy này", read: "Đọc", issuer: "Cơ quan ban hành", kind: "Loại văn bản", year: "Năm", any: "Tất cả", doubtful: "Chỉ tài liệu cần xem",
    file: "Tệp", number: "Số, ký hiệu", title: "Trích yếu", pages: "Trang", doubts: "Cần xem", found: "tài liệu", none: "Chưa có tài liệu nào. Thả bản quét vào đây để bắt đầu.",
    noneFound: "Không tìm thấy tài liệu nào.", waiting: "đang chờ", reading: "Đang đọc", pagesHour: "trang/giờ", pagesRead: "trang đã đọc", failed: "không đọc được",
    added: "tệp đã vào hàng đợi", back: "Danh sách", scan: "Bản quét", text: "Văn bản", figures: "Số liệu", checks: "Kiểm tra phép cộng", tables: "Bảng", page: "Trang", export: "Xuất",
    label: "Nội dung", value: "Giá trị", unit: "Đơn vị", sure: "Độ chắc", pass: "đúng", fail: "SAI", unknown: "thiếu số", seen: "Đã thấy", others: "Cách đọc khác",
    accept: "Đúng", correct: "Sửa", undo: "Hoàn tác", save: "Lưu", corrected: "đã sửa", nothing: "Không còn chỗ nào cần xem trong tài liệu này.", saved: "Đã lưu", undone: "Đã hoàn tác",
    nothingToUndo: "Không có gì để hoàn tác", nothingSaid: "Hãy gõ chữ được in ở chỗ này.", noWords: "Tài liệu này chưa lưu vị trí từng chữ. Hãy đọc lại nó ở đây để kiểm tra cạnh bản quét.", empty: "(bỏ trống)", cutout: "Chỗ này trên bản quét",
    word: "chữ", figure: "số liệu", check: "phép tính", more: "Xem thêm", next: "Chỗ tiếp theo", what: "Nội dung chữ", why: "Lý do", place: "Chỗ",
    sumOfRows: "tổng các dòng", sameEverywhere: "như nhau ở mọi chỗ in", itsParts: "các phần của nó", exportAll: "Xuất tất cả tài liệu tìm được", choice: "chọn dạng", savedTo: "tài liệu đã lưu vào", kSearch: "Tìm", kOpen: "Mở tài liệu đang chọn", kMove: "Lên, xuống", kQueue: "Danh sách cần xem", kNext: "Chỗ cần xem tiếp theo, trước đó", kAccept: "Đúng rồi", kPick: "Chọn cách đọc khác",
    kCorrect: "Sửa (gõ Telex hoặc VNI theo bộ gõ của máy)", kUndo: "Hoàn tác", kBack: "Quay lại", kWord: "Chữ trước, chữ sau; trong bảng cả lên, xuống",
  },
  en: {
    skip: "To the content", search: "Search the text, with or without marks", documents: "Documents", queue: "Worth a look", theme: "Light/dark",
    help: "Keys", keys: "Keys", close: "Close", views: "Views", drop: "Drop scans here, or choose files", choose: "Choose files",
    folder: "Folder on this machine", read: "Read", issuer: "Issuer", kind: "Kind", year: "Year", any: "All", doubtful: "Only those worth a look",
    file: "File", number: "Number", title: "Title", pages: "Pages", doubts: "Worth a look", found: "documents", none: "No documents yet. Drop scans here to begin.",
    noneFound: "No documents found.", waiting: "waiting", reading: "Reading", pagesHour: "pages an hour", pagesRead: "pages read", failed: "not read",
    added: "files queued", back: "List", scan: "Scan", text: "Text", figures: "Figures", checks: "Checks of sums", tables: "Tables", page: "Page", export: "Export",
    label: "Label", value: "Value", unit: "Unit", sure: "Sure", pass: "right", fail: "WRONG", unknown: "number missing", seen: "Seen", others: "Other readings",
    accept: "Right", correct: "Correct", undo: "Undo", save: "Save", corrected: "corrected", nothing: "Nothing is left to look at in this document.", saved: "Saved", undone: "Undone",
    nothingToUndo: "Nothing to undo", nothingSaid: "Type what is printed there.", noWords: "The places of this document's words are not kept. Read it here again to check it beside its scan.", empty: "(nothing)", cutout: "This place on the scan",
    word: "word", figure: "figure", check: "check", more: "More", next: "Next place", what: "What stands there", why: "Why", place: "Place",
    sumOfRows: "the sum of its rows", sameEverywhere: "is the same wherever it is printed", itsParts: "its parts", exportAll: "Export all that are found", choice: "choose a form", savedTo: "documents saved to", kSearch: "Search", kOpen: "Open the chosen document", kMove: "Up, down", kQueue: "What is worth a look", kNext: "Next, previous place worth a look", kAccept: "It is right", kPick: "Pick another reading",
    kCorrect: "Correct (Telex or VNI by your system's input method)", kUndo: "Undo", kBack: "Back", kWord: "Word before, word after; in tables up and down",
  },
};

let language = read("sohoa.language") ?? "vi";

function read(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}

export function remember(name, value) {
  try { localStorage.setItem(name, value); } catch { /* private windows forget */ }
}

export { read as remembered };

export function say(name) {
  return SAID[language][name] ?? name;
}

export function currentLanguage() {
  return language;
}

export function turnLanguage() {
  language = language === "vi" ? "en" : "vi";
  remember("sohoa.language", language);
}

/** Puts the words of the language into the fixed parts of the page. */
export function sayAll(root) {
  document.documentElement.lang = language;
  for (const element of root.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  for (const element of root.querySelectorAll("[data-hint]")) element.placeholder = say(element.dataset.hint);
  for (const element of root.querySelectorAll("[data-name]")) element.setAttribute("aria-label", say(element.dataset.name));
}

/** An element with attributes and children; text is always text. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function tell(text) {
  const told = document.getElementById("told");
  told.textContent = text;
  told.classList.add("shown");
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => told.classList.remove("shown"), 4000);
}
