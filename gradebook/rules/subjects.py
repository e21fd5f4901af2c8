"""Codes of subjects and their names, for sentences; any input may carry a name of its own."""

from __future__ import annotations

from types import MappingProxyType

# code: (Vietnamese, English)
NAMES = MappingProxyType(
    {
        "toan": ("Toán", "Mathematics"),
        "ngu_van": ("Ngữ văn", "Literature"),
        "ngoai_ngu_1": ("Ngoại ngữ 1", "Foreign language 1"),
        "ngoai_ngu_2": ("Ngoại ngữ 2", "Foreign language 2"),
        "tieng_dtts": ("Tiếng dân tộc thiểu số", "Ethnic minority language"),
        "gdcd": ("Giáo dục công dân", "Civic education"),
        "ls_dl": ("Lịch sử và Địa lí", "History and Geography"),
        "khtn": ("Khoa học tự nhiên", "Natural science"),
        "cong_nghe": ("Công nghệ", "Technology"),
        "tin": ("Tin học", "Informatics"),
        "ly": ("Vật lí", "Physics"),
        "hoa": ("Hóa học", "Chemistry"),
        "sinh": ("Sinh học", "Biology"),
        "su": ("Lịch sử", "History"),
        "dia": ("Địa lí", "Geography"),
        "gdktpl": ("Giáo dục kinh tế và pháp luật", "Economics and law"),
        "gdqp_an": ("Giáo dục quốc phòng và an ninh", "Defence and security education"),
        "gdtc": ("Giáo dục thể chất", "Physical education"),
        "the_duc": ("Thể dục", "Physical education"),
        "nghe_thuat": ("Nghệ thuật", "Arts"),
        "am_nhac": ("Âm nhạc", "Music"),
        "mi_thuat": ("Mĩ thuật", "Fine arts"),
        "gddp": ("Nội dung giáo dục của địa phương", "Local education"),
        "hdtn_hn": ("Hoạt động trải nghiệm, hướng nghiệp", "Experiential and career activities"),
        "tieng_viet": ("Tiếng Việt", "Vietnamese"),
        "khoa_hoc": ("Khoa học", "Science"),
        "dao_duc": ("Đạo đức", "Ethics"),
        "tn_xh": ("Tự nhiên và Xã hội", "Nature and society"),
        "hdtn": ("Hoạt động trải nghiệm", "Experiential activities"),
        "yeu_nuoc": ("Yêu nước", "Patriotism"),
        "nhan_ai": ("Nhân ái", "Kindness"),
        "cham_chi": ("Chăm chỉ", "Diligence"),
        "trung_thuc": ("Trung thực", "Honesty"),
        "trach_nhiem": ("Trách nhiệm", "Responsibility"),
        "tu_chu_tu_hoc": ("Tự chủ và tự học", "Autonomy and self-study"),
        "giao_tiep_hop_tac": ("Giao tiếp và hợp tác", "Communication and cooperation"),
        "giai_quyet_van_de": (
            "Giải quyết vấn đề và sáng tạo",
            "Problem solving and creativity",
        ),
        "ngon_ngu": ("Ngôn ngữ", "Language"),
        "tinh_toan": ("Tính toán", "Numeracy"),
        "nl_khoa_hoc": ("Khoa học", "Science"),
        "nl_cong_nghe": ("Công nghệ", "Technology"),
        "nl_tin_hoc": ("Tin học", "Informatics"),
        "tham_mi": ("Thẩm mĩ", "Aesthetics"),
        "the_chat": ("Thể chất", "Physical fitness"),
    }
)


def subject_name(code: str) -> str:
    """Return the Vietnamese name of a subject, or the code where none is known."""
    known = NAMES.get(code)
    return known[0] if known else code
