"""The front door: the script that Streamlit runs for every viewer, and the ASGI application that serves it."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

if get_script_run_ctx(suppress_warning=True) is None:  # imported by the server
    from mnist_viz.server.routes import routes
    from mnist_viz.server.start import lifespan

    app = st.App(__file__, routes=routes(), lifespan=lifespan)
else:  # run for a viewer
    from mnist_viz.text import _
    from mnist_viz.ui import frame

    frame.begin()
    frame.show(
        {
            "": [st.Page("pages/home.py", title=_("Start"), icon=":material/home:", default=True)],
            _("Data"): [
                st.Page("pages/data.py", title=_("The digits"), icon=":material/grid_view:"),
                st.Page("pages/prepare.py", title=_("Prepare"), icon=":material/tune:"),
            ],
            _("Learn"): [
                st.Page("pages/train.py", title=_("Train"), icon=":material/show_chart:"),
                st.Page("pages/compare.py", title=_("Compare"), icon=":material/compare_arrows:"),
            ],
            _("Look inside"): [
                st.Page("pages/convolution.py", title=_("Convolution"), icon=":material/filter_center_focus:"),
                st.Page("pages/mistakes.py", title=_("Mistakes"), icon=":material/rule:"),
                st.Page("pages/digit.py", title=_("One digit"), icon=":material/search:"),
                st.Page("pages/features.py", title=_("Features"), icon=":material/layers:"),
                st.Page("pages/saliency.py", title=_("Saliency"), icon=":material/ink_highlighter:"),
                st.Page("pages/draw.py", title=_("Draw"), icon=":material/draw:"),
                st.Page("pages/embedding.py", title=_("Map"), icon=":material/scatter_plot:"),
            ],
        }
    )
