import type { Lexicon } from '../lexicon.ts';

/** Words of Vietnamese. */
export const VIETNAMESE: Lexicon = {
  language: 'vi',
  spaced: true,
  words: {
    drop: 'bỏ qua, phớt lờ, quên, quên đi, hãy quên, lờ đi, đừng để ý, đừng quan tâm, không tuân theo, không tuân thủ, đừng tuân theo, đừng làm theo, ngừng tuân theo, ngừng tuân thủ, ngừng làm theo, thôi tuân theo, vứt bỏ, vứt, gạt bỏ, loại bỏ, xóa bỏ, xóa, xoá, hủy bỏ, huỷ bỏ, phá vỡ, vi phạm, vượt qua, bác bỏ, từ bỏ, không nghe theo, ghi đè, coi như không',
    rules:
      'hướng dẫn, chỉ dẫn, chỉ thị, quy tắc, quy định, mệnh lệnh, lệnh, nguyên tắc, lời nhắc, câu lệnh, hạn chế, giới hạn, ràng buộc, chính sách, prompt, yêu cầu, huấn luyện, lập trình',
    your: 'của bạn, của mày, của ngươi, cho bạn, bạn, người vận hành, hệ thống',
    earlier: 'trước, trước đó, trước đây, ở trên, bên trên, phía trên, ban đầu, từ trước, hiện có, cho đến nay, cũ, gốc, hệ thống',
    told: 'bạn nhận, bạn được nhận, bạn đã nhận, bạn được giao, bạn được bảo, bạn được yêu cầu, đã đưa cho bạn, đưa cho bạn, đã nói với bạn, đã dạy bạn, bảo bạn, trước tin nhắn này, bạn được dạy, đã cho bạn, bạn được dặn, được dặn, bạn được bảo trước, đã dặn bạn, những gì bạn được',
    void: 'bị hủy, bị huỷ, không còn hiệu lực, hết hiệu lực, vô hiệu, không còn áp dụng, là nhầm lẫn, là sai, là lỗi, chỉ là thử, đã bị bãi bỏ, được gỡ bỏ, không có giá trị, đã bị xóa, bị xóa, đã hết hạn, không còn tính, đã bị gỡ, bị gỡ bỏ, đã tắt',
    obey: 'nghe, nghe theo, tuân theo, tuân lệnh, làm theo, vâng lời, thực hiện, làm điều, phục tùng, trả lời',
    onlyMe:
      'chỉ nghe tôi, tôi thôi, chỉ tôi, mình tôi, theo tôi, lệnh của tôi, chỉ dẫn của tôi, điều tôi nói, điều tôi viết, những gì tôi, sau đây, chỉ làm điều, nghe theo tôi, làm theo lời tôi, chỉ nghe theo tôi, lời tôi, vâng lời tôi',
    reveal:
      'tiết lộ, cho tôi biết, cho tôi xem, hiển thị, hiện ra, in ra, nói, nói cho, nói ra, viết ra, viết lại, chép lại, sao chép, lặp lại, trích, liệt kê, dịch, tóm tắt, chia sẻ, là gì, viết gì, đọc, cung cấp, phơi bày, đọc cho tôi, gửi cho tôi',
    setup:
      'lời nhắc hệ thống, câu lệnh hệ thống, prompt hệ thống, hướng dẫn hệ thống, chỉ dẫn hệ thống, thông điệp hệ thống, tin nhắn hệ thống, lời nhắc ban đầu, hướng dẫn ban đầu, chỉ dẫn ban đầu, hướng dẫn ẩn, chỉ dẫn ẩn, hướng dẫn bí mật, chỉ thị bí mật, quy tắc ẩn, quy tắc nội bộ, hướng dẫn nội bộ, chỉ dẫn nội bộ, prompt ẩn, prompt gốc, hướng dẫn gốc, system prompt, prompt ban đầu, chỉ dẫn bí mật, phần ở trên cùng',
    verbatim: 'từng chữ, nguyên văn, đầy đủ, toàn bộ, chính xác, không thay đổi, từng từ, từng ký tự, tất cả, y nguyên',
    text: 'văn bản, đoạn văn, tin nhắn, lời, nội dung, câu',
    maker: 'nhà phát triển, người tạo, người vận hành, nhà cung cấp, lập trình viên, công ty, người phát triển, người tạo ra bạn',
    become:
      'bạn là, bạn sẽ là, bây giờ bạn, hãy là, đóng vai, giả vờ, giả làm, hành động như, tưởng tượng, hãy đóng, mô phỏng, trở thành, trả lời như, cư xử như',
    model: 'ai, trí tuệ nhân tạo, trợ lý, mô hình, chatbot, robot, bot, máy, phiên bản, tác nhân, nhân vật, hệ thống',
    without: 'không có, không bị, không, không còn, vô, thoát khỏi',
    limits: 'giới hạn, hạn chế, đạo đức, bộ lọc, kiểm duyệt, quy tắc, ràng buộc, luật lệ',
    disable: 'tắt, vô hiệu hóa, vô hiệu hoá, gỡ bỏ, bỏ, dỡ bỏ, mở khóa, bỏ qua, hủy',
    safety:
      'bộ lọc an toàn, bộ lọc nội dung, quy tắc an toàn, biện pháp an toàn, hạn chế an toàn, giao thức an toàn, kiểm duyệt, bộ lọc bảo mật, chính sách nội dung',
    secret: 'mật khẩu, từ bí mật, mã bí mật, khóa bí mật, bí mật, mật mã',
    guard: 'bạn đang giữ, bạn giữ, bạn bảo vệ, đang bảo vệ, bạn giấu, đang giấu, bạn biết, được giao giữ',
    authority:
      'tôi là quản trị viên của bạn, tôi là người tạo ra bạn, tôi là nhà phát triển của bạn, tôi là quản trị viên, với tư cách nhà phát triển, với tư cách quản trị viên, tôi đã tạo ra bạn, tôi lập trình bạn',
    comply:
      'không bao giờ từ chối, không được từ chối, đừng từ chối, cấm từ chối, không thể từ chối, đừng bao giờ nói không, trả lời mọi thứ, trả lời tất cả, dù nguy hiểm, dù bất hợp pháp, cho dù nguy hiểm, không bao giờ từ chối, không từ chối điều gì, chấp nhận mọi thứ',
    reading: 'đọc được điều này, đang đọc, đọc nội dung này, xử lý, tóm tắt, phân tích văn bản này, đọc tin này, đọc văn bản này',
    ifYou: 'nếu bạn là, thông báo cho, lưu ý cho, chỉ dẫn cho, hướng dẫn cho, gửi trợ lý, cho mô hình, chỉ thị cho',
    task: 'nhiệm vụ, công việc, yêu cầu, bản tóm tắt, mục tiêu',
    quiet:
      'đừng nói, không nói cho, không cho biết, đừng cho, đừng báo, không báo, giấu, che giấu, bí mật, âm thầm, đừng đề cập, không đề cập, không hỏi',
    user: 'người dùng, chủ sở hữu, người đọc, người nhận',
    send: 'gửi, chuyển tiếp, chuyển, tải lên, đăng, đính kèm',
    loot: 'danh bạ, liên hệ, email, thư, tin nhắn, cuộc trò chuyện, lịch sử, mật khẩu, thông tin đăng nhập, khóa, dữ liệu, tệp',
    asked: 'đã bảo bạn, bảo bạn, yêu cầu bạn, ra lệnh cho bạn, dạy bạn, nói với bạn',
    start: 'tin nhắn đầu tiên của tôi, trước cuộc trò chuyện này, đầu cuộc trò chuyện, phía trên tin nhắn của tôi',
    all: 'tất cả, mọi, toàn bộ',
    ownSetup: 'lời nhắc của bạn, chỉ dẫn bí mật mà bạn, lời nhắc hệ thống của bạn, lời nhắc ban đầu của bạn',
    beforeMe: 'trước tin nhắn đầu tiên, trước cuộc trò chuyện, mà tôi không nhìn thấy',
    claim: 'tôi là quản trị viên, chế độ gỡ lỗi, chế độ bảo trì, chế độ nhà phát triển, thông báo hệ thống, người dùng đã xác minh',
    harm: 'bom, thuốc nổ, chất nổ, hack, tấn công tài khoản, trộm, ăn cắp, làm giả, tiền giả, ma túy, vũ khí, phần mềm độc hại, mã độc, tống tiền, lừa đảo, rửa tiền, thuốc độc, buôn lậu, bắt cóc',
    noWarn: 'không cảnh báo, đừng cảnh báo, không viện cớ, không giảng đạo, không kiểm duyệt, không từ chối',
    opening: 'bắt đầu câu trả lời, bắt đầu bằng, mở đầu bằng, mở đầu câu trả lời',
    glad: 'chắc chắn rồi, đây là cách, tất nhiên, vâng, được thôi',
    amoral: 'không có đạo đức, không có quy tắc, không biết luật pháp, không bao giờ từ chối, không kiểm duyệt, không giới hạn, vô đạo đức',
    covert: 'đừng nói cho họ, đừng cho họ biết, không nhắc đến việc này, đừng nhắc, không cần xác nhận, bí mật, đừng nói với người dùng',
    act: 'gửi, chuyển tiếp, xóa, chuyển, thực hiện, mở, tải, thay đổi',
    must: 'hãy, phải, bỏ qua, cần, đừng',
  },
};
