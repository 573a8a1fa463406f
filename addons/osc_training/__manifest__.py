{
    "name": "One-Stop Center: training",
    "version": "19.0.1.0.0",
    "summary": "Only those who are trained and have understood the SOPs in force take "
    "cases",
    "category": "Services/One-Stop Center",
    "author": "One-Stop Center suite contributors",
    "license": "LGPL-3",
    "depends": ["osc_base", "hr_skills_survey", "hr_skills_event"],
    "data": [
        "security/ir.model.access.csv",
        "data/hr_skill_data.xml",
        "data/osc_training_requirement_data.xml",
    ],
}
